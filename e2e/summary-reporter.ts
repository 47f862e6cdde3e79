import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Closes a run: what was skipped and how to get it, and one line that counts. With CI=true a skip is a failure. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): readonly TestCase[] => tests.filter((test) => test.result().state === state);
    const left = inState('skipped');
    const skipped = left.filter((test) => !isLeftOut(test));
    for (const line of skippedLines(skipped)) console.log(line);
    const leftOut = left.length === skipped.length ? '' : `, ${left.length - skipped.length} left out by name`;
    console.log(
      `\n${inState('passed').length} passed, ${inState('failed').length} failed, ${skipped.length} skipped${leftOut}`,
    );
    if (skipped.length > 0 && process.env['CI'] === 'true') {
      console.error('skipped tests are failures in CI: the machine lacks what is named above');
      process.exitCode = 1;
    }
  }
}

/** Nobody asked for it: the name is not among those of `-t`. */
function isLeftOut({ project, fullName }: TestCase): boolean {
  const { testNamePattern } = project.config;
  return testNamePattern !== undefined && !new RegExp(testNamePattern).test(fullName);
}
function skippedLines(skipped: readonly TestCase[]): readonly string[] {
  if (skipped.length === 0) return [];
  const byFile = Map.groupBy(skipped, (test) => test.module.relativeModuleId);
  return [
    '\nSkipped, for want of something on this machine (`bash .ci/run` installs all of it on Debian 12):',
    ...[...byFile].map(([file, tests]) => `  ${file}: ${tests.length} (${reasonOf(tests)})`),
  ];
}

function reasonOf(tests: readonly TestCase[]): string {
  for (const test of tests) {
    const result = test.result();
    if (result.state === 'skipped' && result.note !== undefined) return result.note;
  }
  return tests[0]?.fullName ?? '';
}
