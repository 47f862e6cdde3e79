import type { Sample } from '../../controller/src/model/metrics.ts';
import type { Steps } from '../../controller/src/record/history/steps.ts';

/** Milliseconds of each slice of one kind of work: on the clock (with waiting for the disk and for others), and of CPU. */
export interface Timing {
  readonly wallMs: number[];
  readonly cpuMs: number[];
}

export const kinds = ['insert', 'roll up', 'prune', 'query'] as const;
export type Kind = (typeof kinds)[number];
export type Timings = Readonly<Record<Kind, Timing>>;

function empty(): Timing {
  return { wallMs: [], cpuMs: [] };
}

export function createTimings(): Timings {
  return { insert: empty(), 'roll up': empty(), prune: empty(), query: empty() };
}

export async function timed<T>(timing: Timing, act: () => T | Promise<T>): Promise<T> {
  const begin = performance.now();
  const before = process.threadCpuUsage();
  const value = await act();
  const { user, system } = process.threadCpuUsage(before);
  timing.wallMs.push(performance.now() - begin);
  timing.cpuMs.push((user + system) / 1000);
  return value;
}

export async function runSlices(timing: Timing, steps: Steps): Promise<void> {
  while ((await timed(timing, () => steps.next())).done !== true);
}

/** Every reading moves, restarts, up and status excepted: the largest rows that real containers give. */
export function readings(): Sample['values'] {
  const noise = Math.random();
  return {
    cpu: noise * 100,
    cpuCores: noise * 2,
    memory: 40 + noise * 20,
    memoryBytes: 200_000_000 + Math.floor(noise * 100_000_000),
    networkReceiveRate: noise * 1_000_000,
    networkTransmitRate: noise * 2_000_000,
    diskReadRate: noise * 300_000,
    diskWriteRate: noise * 400_000,
    processes: 10 + Math.floor(noise * 5),
    restarts: 0,
    up: 1,
    latency: noise / 4,
    httpStatus: 200,
  };
}

export function printTimings(timings: Timings): void {
  console.log('\nms a slice         wall p50      p99      max   cpu p50      p99      max');
  for (const [kind, { wallMs, cpuMs }] of Object.entries(timings)) {
    const columns = [...percentiles(wallMs), ...percentiles(cpuMs)];
    console.log(`${kind.padEnd(8)}${String(wallMs.length).padStart(9)} ${columns.join(' ')}`);
  }
}

function percentiles(values: readonly number[]): readonly string[] {
  const sorted = Float64Array.from(values).sort();
  return [0.5, 0.99, 1].map((share) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(2).padStart(8));
}
