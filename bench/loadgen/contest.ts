/** The highest rate of several tools against one server, in turns, as the machine is never the same twice. */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from './arrivals.ts';
import { pidOf, startGenerator } from './generator.ts';
import { readCpuMicroseconds } from './process-facts.ts';

export interface Bout {
  /** Requests a second, counted by the server. */
  readonly ratePerSecond: number;
  /** Processor time of the tool for one request. */
  readonly cpuMicroseconds: number;
}

export interface Contestant {
  readonly name: string;
  /** Sends as fast as it can until it is stopped. */
  start(url: string): { readonly pid: number; readonly ended: Promise<unknown>; stop(): void };
}

export const ROUNDS = 5;
const CONNECTIONS = 50;
/** Above what any client reaches here. */
const UNREACHABLE_RATE = 100_000;
/** After the first request: compiling, which is not looked at. */
const SETTLE_MS = 1_500;
const FIRST_LOOKS = 200;
const FIRST_LOOK_MS = 50;
const LOOK_MS = 2_500;
/** Each is stopped before. */
const LONGEST_SECONDS = 30;

/** @returns all bouts of each contestant, in the order of the rounds */
export async function contest(
  server: Server,
  contestants: readonly Contestant[],
): Promise<ReadonlyMap<string, readonly Bout[]>> {
  const bouts = new Map<string, readonly Bout[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const turn = [
      ...contestants.slice(round % contestants.length),
      ...contestants.slice(0, round % contestants.length),
    ];
    for (const contestant of turn) {
      bouts.set(contestant.name, [...(bouts.get(contestant.name) ?? []), await fight(server, contestant)]);
    }
  }
  return bouts;
}

async function fight(server: Server, contestant: Contestant): Promise<Bout> {
  const { pid, ended, stop } = contestant.start(server.url);
  await firstArrival(server);
  await delay(SETTLE_MS);
  const [cpuBefore, before] = [readCpuMicroseconds(pid), await server.count()];
  await delay(LOOK_MS);
  const [cpuAfter, after] = [readCpuMicroseconds(pid), await server.count()];
  stop();
  await ended;
  await server.takeLast(0);
  const requests = after.count - before.count;
  return {
    ratePerSecond: (requests / (after.atMs - before.atMs)) * 1_000,
    cpuMicroseconds: (cpuAfter - cpuBefore) / requests,
  };
}

/** Loading takes each tool another time. */
async function firstArrival(server: Server): Promise<void> {
  for (let look = 0; look < FIRST_LOOKS; look += 1) {
    if ((await server.count()).count > 0) return;
    await delay(FIRST_LOOK_MS);
  }
  throw new Error('no request arrived');
}

export const foghorn: Contestant = {
  name: 'foghorn-load',
  start: (url) => {
    // A short timeout would have it give up what is due and not sent yet, which costs as well.
    const args = ['--rate', String(UNREACHABLE_RATE), '--duration', `${LONGEST_SECONDS}s`, '--timeout', '1m'];
    const { pid, report, stop } = startGenerator(url, [...args, '--concurrency', String(CONNECTIONS)]);
    return { pid, ended: report, stop };
  },
};

/** Undefined where it is not installed. */
export function findAutocannon(): Contestant | undefined {
  let script: string;
  try {
    script = createRequire(import.meta.url).resolve('autocannon');
  } catch {
    return undefined;
  }
  const args = [script, '-c', String(CONNECTIONS), '-j', '-n'];
  return {
    name: 'autocannon',
    start: (url) => startQuietly(process.execPath, [...args, '-d', String(LONGEST_SECONDS), url]),
  };
}

/** Undefined where it is not installed. */
export function findWrk(): Contestant | undefined {
  if (spawnSync('wrk', ['-v']).error !== undefined) return undefined;
  return {
    name: 'wrk',
    start: (url) => startQuietly('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${LONGEST_SECONDS}s`, url]),
  };
}

function startQuietly(command: string, args: readonly string[]): ReturnType<Contestant['start']> {
  const child = spawn(command, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  return { pid: pidOf(child), ended, stop: () => void child.kill() };
}
