import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Closes a run: what was skipped and how to get it, and one line that counts. With CI=true a skip is a failure. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const states = tests.map((test) => test.result().state);
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    for (const line of skippedLines(skipped)) console.log(line);
    const count = (state: string): number => states.filter((other) => other === state).length;
    console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${skipped.length} skipped`);
    if (skipped.length > 0 && process.env['CI'] === 'true') {
      console.error('skipped tests are failures in CI: the machine lacks what is named above');
      process.exitCode = 1;
    }
  }
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
