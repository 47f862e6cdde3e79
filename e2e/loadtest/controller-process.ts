import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KubeObject } from '../../controller/src/kube/client.ts';
import type { LoadTestStatus } from '../../controller/src/model/resources.generated.ts';
import { freePort } from '../../controller/src/free-port.ts';
import { endProcess } from '../child-process.ts';
import { until } from '../until.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 90_000;
const COMMAND_TIMEOUT_MS = 60_000;
/** Longest wait for a status: a load test of half a minute, on a machine that is busy with other things. */
const STATUS_TIMEOUT_MS = 120_000;

/** A controller in a process of its own, that may be killed and started again on the same folder. */
export interface ControllerProcess {
  readonly folder: string;
  start(): Promise<void>;
  /** As a crash ends it. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  kubectl(...args: readonly string[]): Promise<string>;
  apply(object: object): Promise<string>;
  /** Looks until it is so; fails with what the status was last. */
  until(name: string, what: string, holds: (status: LoadTestStatus) => boolean): Promise<LoadTestStatus>;
  get(path: string): Promise<string>;
  reportLog(): string;
  dispose(): Promise<void>;
}

export async function createControllerProcess(settings: Readonly<Record<string, string>>): Promise<ControllerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-load-'));
  const [port, apiPort] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env['PATH'],
    DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    POLICY_DIR: join(folder, 'policies'),
    PORT: String(port),
    API_PORT: String(apiPort),
    DEFAULT_POLICY: 'false',
    LOG_LEVEL: 'error',
    ...settings,
  };
  const kubeEnv = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: join(folder, 'data/kubeconfig') };
  let controller: ChildProcess | undefined;

  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await run('kubectl', args, { env: kubeEnv, timeout: COMMAND_TIMEOUT_MS })).stdout;
  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = controller;
    controller = undefined;
    if (ending !== undefined) await endProcess(ending, signal);
  }
  const statusOf = async (name: string): Promise<LoadTestStatus | undefined> => {
    const object = JSON.parse(await kubectl('get', 'loadtest', name, '--output', 'json')) as KubeObject;
    return object.status as LoadTestStatus | undefined;
  };

  return {
    folder,
    kubectl,
    async start() {
      controller = spawn(process.execPath, [join(root, 'controller/src/main.ts')], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env,
      });
      await until(
        'the controller is ready',
        READY_TIMEOUT_MS,
        async () => (await kubectl('get', '--raw', '/readyz')) === 'ok' || undefined,
      );
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async apply(object) {
      const applying = run('kubectl', ['apply', '--filename', '-'], { env: kubeEnv, timeout: COMMAND_TIMEOUT_MS });
      applying.child.stdin?.end(JSON.stringify(object));
      return (await applying).stdout;
    },
    until: async (name, what, holds) => {
      let last: LoadTestStatus | undefined;
      return until(what, STATUS_TIMEOUT_MS, async () => {
        last = await statusOf(name);
        return last !== undefined && holds(last) ? last : undefined;
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(last)}`, { cause: error });
      });
    },
    get: async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text(),
    reportLog: () => readFileSync(join(folder, 'logs/report.log'), 'utf8'),
    async dispose() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
