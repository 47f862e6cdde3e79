import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../controller/src/free-port.ts';
import { endProcess, hasEnded } from '../child-process.ts';
import { until } from '../until.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const COMMAND_TIMEOUT_MS = 60_000;
const READY_TIMEOUT_MS = 90_000;

/** The controller as its own process on the engine of this machine, and kubectl pointed at it. */
export interface RunningController {
  /** What a command writes, whether it succeeds or not. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** A command that goes on; `output` grows. */
  follow(...args: readonly string[]): { readonly output: () => string; stop(): Promise<void> };
  stop(): Promise<void>;
}

/** @param settings of the controller, besides its folders and ports */
export async function runController(settings: Readonly<Record<string, string>>): Promise<RunningController> {
  const folder = await mkdtemp(join(tmpdir(), 'foghorn-kubectl-'));
  const [port, apiPort] = await Promise.all([freePort(), freePort()]);
  const dataDir = join(folder, 'data');
  const controller = spawn(process.execPath, [join(root, 'controller/src/main.ts')], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      LOG_DIR: join(folder, 'logs'),
      POLICY_DIR: join(folder, 'policies'),
      PORT: String(port),
      API_PORT: String(apiPort),
      LOG_LEVEL: 'error',
      ...settings,
    },
  });
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: join(dataDir, 'kubeconfig') };
  const kubectl = async (...args: readonly string[]): Promise<string> => {
    try {
      const { stdout, stderr } = await run('kubectl', args, { env, timeout: COMMAND_TIMEOUT_MS });
      return stdout + stderr;
    } catch (error) {
      return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    }
  };
  const running: RunningController = {
    kubectl,
    follow(...args) {
      const client = spawn('kubectl', args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      client.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      return { output: () => output, stop: () => endProcess(client) };
    },
    async stop() {
      await endProcess(controller);
      await rm(folder, { recursive: true, force: true });
    },
  };
  const isReady = await until('the controller is ready or has ended', READY_TIMEOUT_MS, async () =>
    hasEnded(controller) ? false : (await kubectl('get', '--raw', '/readyz')) === 'ok' || undefined,
  ).catch(async (fault: unknown) => {
    await running.stop();
    throw fault;
  });
  if (!isReady) throw new Error('the controller has ended');
  return running;
}
