import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../controller/src/free-port.ts';
import { endProcess, hasEnded } from '../child-process.ts';
import { until } from '../until.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

/** The controller on a cluster, as a process of its own. */
export interface ClusterController {
  readonly process: ChildProcess;
  /** Without a slash at its end. */
  readonly url: string;
  /** Lines of its log, as far as settings let it write. */
  readonly log: readonly string[];
  get(path: string): Promise<unknown>;
  text(path: string): Promise<string>;
  stop(): Promise<void>;
}

/** Mails to one recipient, by an SES of the test's own. */
export function mailSettings(sesUrl: string): Readonly<Record<string, string>> {
  return {
    SENDER_EMAIL: 'foghorn@example.com',
    RECIPIENT_EMAILS: 'oncall@example.com',
    AWS_ENDPOINT_URL_SES: sesUrl,
    AWS_ACCESS_KEY_ID: 'example',
    AWS_SECRET_ACCESS_KEY: 'example',
  };
}

const program = join(import.meta.dirname, '../../controller/src/main.ts');
const READY_TIMEOUT_MS = 90_000;

export async function startClusterController(
  cluster: Pick<SimulatedCluster, 'kubeconfig'> & Partial<Pick<SimulatedCluster, 'kubeletAuthorityFile'>>,
  settings: Readonly<Record<string, string>>,
): Promise<ClusterController> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-in-cluster-'));
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      RUNTIME: 'kubelet',
      CLUSTER_NAME: 'kind',
      CLUSTER_KUBECONFIG: cluster.kubeconfig,
      KUBELET_CA_FILE: cluster.kubeletAuthorityFile,
      DATA_DIR: join(folder, 'data'),
      LOG_DIR: join(folder, 'logs'),
      POLICY_DIR: join(folder, 'policies'),
      PORT: String(port),
      ...settings,
    },
  });
  const log: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line));
  const url = `http://127.0.0.1:${port}`;
  await until('the controller is ready', READY_TIMEOUT_MS, async () => {
    if (hasEnded(child)) throw new Error(`the controller has ended: ${log.at(-1) ?? 'without a word'}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    return answer?.ok === true ? true : undefined;
  });
  return {
    process: child,
    url,
    log,
    get: async (path) => (await fetch(`${url}${path}`)).json(),
    text: async (path) => (await fetch(`${url}${path}`)).text(),
    async stop() {
      await endProcess(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
