/** Runs the suites that a real cluster can answer on the one that kind:up made. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../up/command.ts';
import { dataDirectory } from '../up/places.ts';
import { runScript } from '../up/progress.ts';
import { SetupError } from '../up/setup-error.ts';
import { checkTools, CLUSTER, isClusterThere, kind, kubectl } from './tools.ts';

const suites = ['e2e/kubectl/cluster-contract.test.ts', 'e2e/kubectl/commands.test.ts', 'e2e/cluster/election.test.ts'];
/** As in manifests/base. */
const REPLICAS = 2;
const TESTS_TIMEOUT_MS = 20 * 60_000;
const controller = ['-n', 'foghorn', 'scale', 'deployment/foghorn-controller'];

async function main(): Promise<void> {
  await checkTools();
  if (!(await isClusterThere())) throw new SetupError(`There is no cluster ${CLUSTER}.`, 'npm run kind:up makes it');
  const kubeconfig = join(dataDirectory, 'kind/kubeconfig');
  await mkdir(dirname(kubeconfig), { recursive: true });
  await writeFile(kubeconfig, await kind(['get', 'kubeconfig', '--name', CLUSTER]), { mode: 0o600 });
  // It would write the status of the objects that the tests write.
  await kubectl([...controller, '--replicas=0']);
  await kubectl(['-n', 'foghorn', 'wait', '--for=delete', 'pod', '-l', 'app.kubernetes.io/name=foghorn']);
  try {
    const env = { KUBECONFIG_FOR_TESTS: kubeconfig };
    const { ok } = await runCommand('npx', ['vitest', 'run', ...suites], {
      timeoutMs: TESTS_TIMEOUT_MS,
      env,
      show: true,
    });
    if (!ok) process.exitCode = 1;
  } finally {
    await kubectl([...controller, `--replicas=${REPLICAS}`]);
  }
}

await runScript(main);
