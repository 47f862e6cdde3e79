/** How exactly a planned rate is kept, by the server's own clock. */
import type { Server } from './arrivals.ts';
import { startGenerator } from './generator.ts';
import { median } from './memory.ts';

export interface Accuracy {
  readonly plannedRate: number;
  /** By the times of the first and the last arrival. */
  readonly achievedRate: number;
  readonly requests: number;
  /** Arrivals in each 100 ms, off the even share: of the slot that 99 % of the slots are not worse than, and of the worst. */
  readonly unevenP99: number;
  readonly unevenMax: number;
  readonly startLagP99Ms: number;
  readonly latencyP99Ms: number;
  readonly cpuShare: number;
  readonly isReliable: boolean;
}

const DURATION_SECONDS = 10;
const SLOT_MS = 100;
const WARM_UP = '2s';

export async function measureAccuracy(server: Server, plannedRate: number): Promise<Accuracy> {
  const args = ['--rate', String(plannedRate), '--duration', `${DURATION_SECONDS}s`, '--warm-up', WARM_UP];
  const report = await startGenerator(server.url, [...args, '--concurrency', '500']).report;
  // What came before is the warm-up; what gave up never came.
  const arrivals = await server.takeLast(report.requests - report.unsent);
  const [first = 0, last = 0] = [arrivals[0], arrivals.at(-1)];
  const uneven = unevenness(arrivals, plannedRate);
  return {
    plannedRate,
    achievedRate: ((arrivals.length - 1) / (last - first)) * 1_000,
    requests: arrivals.length,
    unevenP99: uneven[Math.ceil(uneven.length * 0.99) - 1] ?? 0,
    unevenMax: uneven.at(-1) ?? 0,
    startLagP99Ms: report.generator.startLagSeconds.p99 * 1_000,
    latencyP99Ms: report.latencySeconds.p99 * 1_000,
    cpuShare: report.generator.cpu.mean,
    isReliable: report.generator.reliable,
  };
}

/** Of each slot, ascending. The k-th request is due half an interval after k of them; how late the middle one of all is shifts the slots. */
function unevenness(arrivalsMs: readonly number[], ratePerSecond: number): readonly number[] {
  const even = (ratePerSecond * SLOT_MS) / 1_000;
  const startMs = median(arrivalsMs.map((atMs, index) => atMs - ((index + 0.5) * 1_000) / ratePerSecond));
  const slots = Array.from({ length: (DURATION_SECONDS * 1_000) / SLOT_MS }, () => 0);
  for (const atMs of arrivalsMs) {
    const slot = Math.min(Math.max(Math.floor((atMs - startMs) / SLOT_MS), 0), slots.length - 1);
    slots[slot] = (slots[slot] ?? 0) + 1;
  }
  return slots.map((count) => Math.abs(count - even) / even).toSorted((one, other) => one - other);
}
