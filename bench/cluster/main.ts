/**
 * What watching a large cluster costs: `node bench/cluster/main.ts`. The controller's own program, in real time, on a
 * simulated API server and one simulated kubelet a node (a process of its own, whose CPU is not counted), which send
 * recorded pods and summaries multiplied. Next to it a reader that only fetches and parses the same summaries.
 * Usage: node bench/cluster/main.ts [--containers 1000,10000,100000] [--shards 1] [--rounds 3] [--interval 30] [--profile DIR]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCluster, type Cluster } from './cluster.ts';
import { sizeOf } from './payloads.ts';
import { startReplica, type Replica } from './replica.ts';

const { values: flags } = parseArgs({
  options: {
    containers: { type: 'string', default: '1000,10000,100000' },
    shards: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    interval: { type: 'string', default: '30' },
    profile: { type: 'string' },
  },
});
const shards = Number(flags.shards);
const rounds = Number(flags.rounds);
const intervalSeconds = Number(flags.interval);
const READY_TIMEOUT_MS = 300_000;
/** A measurement begins this long before a round does, so that it holds whole rounds. */
const AHEAD_MS = 1000;
/** The first has no rates, and replicas find each other meanwhile. */
const WARM_UP_ROUNDS = 3;

/** All of a round. */
interface Result {
  readonly containers: number;
  /** Of all replicas, and of the one that leads. */
  readonly cpuMicroseconds: number;
  readonly leaderMicroseconds: number;
  readonly floorMicroseconds: number;
  readonly memoryMiB: number;
  readonly leaderMiB: number;
  /** Lists at the start. */
  readonly startApiBytes: number;
  readonly apiRequests: number;
  readonly apiBytes: number;
  readonly kubeletBytes: number;
  /** From the beginning of a round to the question to the last node. */
  readonly lastAskedMs: number;
  /** The longest that a request which needs no work waited: how long the leader was busy at a stretch. */
  readonly longestWaitMs: number;
}

function startOne(cluster: Cluster, index: number): Promise<Replica> {
  const { profile } = flags;
  const election = {
    LEADER_ELECTION: 'true',
    POD_NAME: `foghorn-${index}`,
    REPLICA_KEY: 'the same in all of the replicas',
  };
  return startReplica(cluster, {
    intervalSeconds,
    // not the image's flags for a small heap: with 100,000 containers they cost more than all the rest
    nodeFlags: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
    settings: shards === 1 ? {} : { ...election, SHARDS: String(shards) },
  });
}

async function measure(containers: number, folder: string): Promise<Result> {
  const cluster = await startCluster({ containers, intervalSeconds }, folder);
  const leader = await startOne(cluster, 0);
  const replicas = [leader];
  try {
    await firstLook(cluster, leader, containers);
    while (replicas.length < shards) replicas.push(await startOne(cluster, replicas.length));
    const startApiBytes = (await cluster.traffic()).api.bytes;
    const intervalMs = intervalSeconds * 1000;
    await sleep(WARM_UP_ROUNDS * intervalMs - AHEAD_MS - (Date.now() % intervalMs));
    const before = await cluster.traffic();
    const cpuBefore = replicas.map((replica) => replica.cpuMicroseconds());
    const longestWaitMs = await watchWaits(leader, rounds * intervalMs);
    const cpu = replicas.map((replica, index) => (replica.cpuMicroseconds() - (cpuBefore[index] ?? 0)) / rounds);
    const after = await cluster.traffic();
    if (after.mostOften !== rounds || after.leastOften !== rounds) {
      console.warn(`in ${rounds} rounds nodes were asked ${after.leastOften} to ${after.mostOften} times`);
    }
    const memory = replicas.map((replica) => replica.memoryMiB());
    const shares = shards === 1 ? [] : await leader.shares();
    if (shards > 1 && (shares.length !== shards || shares.includes(0)))
      console.warn(`shares of the replicas: ${shares.join(', ')}`);
    await stopAll(replicas);
    return {
      containers,
      cpuMicroseconds: sum(cpu),
      leaderMicroseconds: cpu[0] ?? 0,
      floorMicroseconds: (await measureFloor(containers, cluster)) / rounds,
      memoryMiB: sum(memory),
      leaderMiB: memory[0] ?? 0,
      startApiBytes,
      apiRequests: (after.api.requests - before.api.requests) / rounds,
      apiBytes: (after.api.bytes - before.api.bytes) / rounds,
      kubeletBytes: (after.kubelets.bytes - before.kubelets.bytes) / rounds,
      lastAskedMs: after.lastAskedMs,
      longestWaitMs,
    };
  } finally {
    await stopAll(replicas);
    await cluster.stop();
  }
}

async function stopAll(replicas: readonly Replica[]): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.stop()));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Resolves when each node has been asked once. */
async function firstLook(cluster: Cluster, leader: Replica, containers: number): Promise<void> {
  const { nodes } = sizeOf(containers);
  for (let waitedMs = 0; waitedMs < READY_TIMEOUT_MS; waitedMs += 1000) {
    const asked = (await cluster.traffic()).kubelets.requests;
    if (asked >= nodes) return;
    await leader.answersIn();
    await sleep(1000);
  }
  throw new Error('the controller did not ask all nodes');
}

/** The longest that a request which needs no work waited meanwhile: how long the controller was busy at a stretch. */
async function watchWaits(replica: Replica, forMs: number): Promise<number> {
  const until = performance.now() + forMs;
  let longestMs = 0;
  while (performance.now() < until) {
    longestMs = Math.max(longestMs, (await replica.answersIn()) ?? 0);
    await sleep(100);
  }
  return longestMs;
}

async function measureFloor(containers: number, cluster: Cluster): Promise<number> {
  const parameters = [containers, cluster.kubeletPort, cluster.kubeletAuthorityFile, rounds].map(String);
  const child = fork(join(import.meta.dirname, 'floor-process.ts'), parameters);
  const [cpuMicroseconds] = await once(child, 'message');
  return Number(cpuMicroseconds);
}

function print(results: readonly Result[]): void {
  const [smallest, largest] = [results[0], results.at(-1)];
  const row = (name: string, value: (result: Result) => number, digits = 0): string =>
    `| ${name.padEnd(43)} | ${results.map((result) => value(result).toFixed(digits).padStart(9)).join(' | ')} |`;
  const rows = [
    row('containers', ({ containers }) => containers),
    row('CPU a container and round, µs', ({ cpuMicroseconds, containers }) => cpuMicroseconds / containers),
    row('of that the leader, µs', ({ leaderMicroseconds, containers }) => leaderMicroseconds / containers),
    row('only GET and JSON.parse, µs', ({ floorMicroseconds, containers }) => floorMicroseconds / containers),
    row('times as much', ({ cpuMicroseconds, floorMicroseconds }) => cpuMicroseconds / floorMicroseconds, 1),
    row('cores, all replicas', ({ cpuMicroseconds }) => cpuMicroseconds / intervalSeconds / 1e6, 2),
    row('memory, all replicas, MiB', ({ memoryMiB }) => memoryMiB),
    row('of that the leader, MiB', ({ leaderMiB }) => leaderMiB),
    row('memory a container, KiB', ({ memoryMiB, containers }) => (memoryMiB * 1024) / containers, 1),
    row('from the kubelets a container, bytes', ({ kubeletBytes, containers }) => kubeletBytes / containers),
    row('API: lists at start a container, bytes', ({ startApiBytes, containers }) => startApiBytes / containers),
    row('API: bytes a container and round', ({ apiBytes, containers }) => apiBytes / containers, 1),
    row('API: requests a round', ({ apiRequests }) => apiRequests, 1),
    row('last node asked after, ms', ({ lastAskedMs }) => lastAskedMs),
    row('longest wait for an answer of the leader, ms', ({ longestWaitMs }) => longestWaitMs),
  ];
  const what = shards === 1 ? 'one controller' : `${shards} replicas that share the nodes`;
  console.log(`\n${what}, interval ${intervalSeconds} s, ${rounds} rounds in real time after the warm-up\n`);
  console.log(rows.join('\n'));
  if (smallest === undefined || largest === undefined || smallest === largest) return;
  const cost = ({ cpuMicroseconds, containers }: Result): number => cpuMicroseconds / containers;
  const ratio = cost(largest) / cost(smallest);
  console.log(`\ncost of a container at ${largest.containers} to that at ${smallest.containers}: ${ratio.toFixed(2)}`);
}

const folder = mkdtempSync(join(tmpdir(), 'foghorn-bench-cluster-'));
const results: Result[] = [];
try {
  for (const containers of flags.containers.split(',').map(Number)) {
    const result = await measure(containers, folder);
    results.push(result);
  }
  print(results);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
