import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCpuMicroseconds, readResidentMegabytes } from '../loadgen/process-facts.ts';
import type { Cluster } from './cluster.ts';

/** The controller's own program on a simulated cluster. */
export interface Replica {
  /** Milliseconds that a request which needs no work waits; undefined: it does not answer yet. */
  answersIn(): Promise<number | undefined>;
  cpuMicroseconds(): number;
  memoryMiB(): number;
  mostMemoryMiB(): number;
  /** Nodes that each replica had to ask in the last round, as this one tells. */
  shares(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

const program = join(import.meta.dirname, '../../controller/src/main.ts');
const STOP_TIMEOUT_MS = 30_000;

export interface ReplicaOptions {
  readonly intervalSeconds: number;
  readonly nodeFlags: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

export async function startReplica(cluster: Cluster, options: ReplicaOptions): Promise<Replica> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-bench-replica-'));
  const port = await freePort();
  const child = spawn(process.execPath, [...options.nodeFlags, program], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      MALLOC_ARENA_MAX: '2',
      RUNTIME: 'kubelet',
      CLUSTER_NAME: 'bench',
      CLUSTER_KUBECONFIG: cluster.kubeconfig,
      KUBELET_CA_FILE: cluster.kubeletAuthorityFile,
      CHECK_INTERVAL: String(options.intervalSeconds),
      LOADTEST_LAUNCHER: 'off',
      LOG_LEVEL: 'warn',
      DATA_DIR: join(folder, 'data'),
      LOG_DIR: join(folder, 'logs'),
      POLICY_DIR: join(folder, 'policies'),
      PORT: String(port),
      REPLICA_URL: `http://127.0.0.1:${port}`,
      ...options.settings,
    },
  });
  const { pid = 0 } = child;
  const url = `http://127.0.0.1:${port}`;
  return {
    async answersIn() {
      if (child.exitCode !== null) throw new Error('the controller has ended');
      const began = performance.now();
      const answer = await fetch(`${url}/healthz`).catch(() => undefined);
      return answer?.ok === true ? performance.now() - began : undefined;
    },
    cpuMicroseconds: () => readCpuMicroseconds(pid),
    memoryMiB: () => readResidentMegabytes(pid),
    mostMemoryMiB: () => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    async shares() {
      const text = await (await fetch(`${url}/metrics`)).text();
      return [...text.matchAll(/^foghorn_shard_nodes\{.*\} (\d+)$/gm)].map(([, nodes]) => Number(nodes));
    },
    async stop() {
      child.kill('SIGTERM');
      if (existsSync(`/proc/${pid}`) && child.exitCode === null) {
        await once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
