/** Runs the suites that any cluster can answer on the one of KUBECONFIG. */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runCommand } from './up/command.ts';
import { runScript } from './up/progress.ts';
import { SetupError } from './up/setup-error.ts';

const suites = [
  'e2e/kubectl/cluster-contract.test.ts',
  'e2e/cluster/election.test.ts',
  'e2e/cluster/any-cluster.test.ts',
];
const TESTS_TIMEOUT_MS = 20 * 60_000;

async function main(): Promise<void> {
  const { KUBECONFIG: kubeconfig = '' } = process.env;
  if (kubeconfig === '') {
    throw new SetupError(
      'No cluster is given.',
      'KUBECONFIG=FILE npm run test:cluster (docs/cluster.md says what it needs)',
    );
  }
  const file = resolve(kubeconfig);
  await access(file).catch(() => {
    throw new SetupError(`There is no file ${file}.`, 'KUBECONFIG names one file');
  });
  const { ok } = await runCommand('npx', ['vitest', 'run', ...suites], {
    timeoutMs: TESTS_TIMEOUT_MS,
    env: { KUBECONFIG_FOR_TESTS: file },
    show: true,
  });
  if (!ok) process.exitCode = 1;
}

await runScript(main);
