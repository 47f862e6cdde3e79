import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { lastLines, runCommand } from '../up/command.ts';
import { deniedError, findEngine } from '../up/engine.ts';
import { repositoryRoot } from '../up/places.ts';
import { SetupError } from '../up/setup-error.ts';

export const CLUSTER = 'foghorn';
const CONTEXT = `kind-${CLUSTER}`;
/** Where `scripts/kubectl-install.sh` puts kubectl. */
const installed = join(repositoryRoot, '.cache/kubectl/v32');
const PATH = [process.env['PATH'] ?? '', installed].join(delimiter);
const LOOK_TIMEOUT_MS = 20_000;
const CALL_TIMEOUT_MS = 60_000;
const SHOWN_LINES = 20;
/** Requests for certificates hold them whole. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

const run = promisify(execFile);

/** @throws SetupError naming what is missing and how to get it */
export async function checkTools(): Promise<void> {
  const engine = await findEngine();
  if (engine.state === 'denied') throw deniedError();
  if (engine.state === 'absent') {
    throw new SetupError(
      `kind runs its nodes as containers, but ${engine.reason}.`,
      'start Docker (bash scripts/engine/start.sh), or install into a cluster that you have: docs/cluster.md',
    );
  }
  await checkTool('kind', ['version'], 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation (0.24 or later)');
  await checkTool(
    'kubectl',
    ['version', '--client'],
    'bash scripts/kubectl-install.sh, or https://kubernetes.io/docs/tasks/tools/',
  );
}

async function checkTool(tool: string, look: readonly string[], source: string): Promise<void> {
  const { ok } = await runCommand(tool, look, { timeoutMs: LOOK_TIMEOUT_MS, env: { PATH } });
  if (!ok) throw new SetupError(`${tool} is missing.`, `install it: ${source}`);
}

/** @returns what it printed. @throws SetupError with the end of it */
export async function kubectl(parameters: readonly string[], timeoutMs: number = CALL_TIMEOUT_MS): Promise<string> {
  return call('kubectl', ['--context', CONTEXT, ...parameters], timeoutMs);
}

export async function kind(parameters: readonly string[], timeoutMs: number = CALL_TIMEOUT_MS): Promise<string> {
  return call('kind', parameters, timeoutMs);
}

/** What it says besides, such as a warning, is no part of what it prints. */
async function call(tool: string, parameters: readonly string[], timeoutMs: number): Promise<string> {
  try {
    const { stdout } = await run(tool, parameters, {
      cwd: repositoryRoot,
      env: { ...process.env, PATH },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new SetupError(
      `${tool} ${parameters.join(' ')} failed:\n${lastLines(said, SHOWN_LINES)}`,
      'npm run kind:up goes on where it ended; npm run kind:down removes the cluster',
    );
  }
}

export async function isClusterThere(): Promise<boolean> {
  return (await kind(['get', 'clusters'])).split('\n').includes(CLUSTER);
}
