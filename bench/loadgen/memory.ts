/** Memory of the generator over a long run. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from './arrivals.ts';
import { startGenerator } from './generator.ts';
import { readResidentMegabytes } from './process-facts.ts';

export interface Memory {
  readonly minutes: number;
  /** Medians in megabytes: of the second tenth of the run, when it has warmed up, and of the last. */
  readonly early: number;
  readonly late: number;
  readonly highest: number;
}

const RATE = 1_000;
const LOOK_EVERY_MS = 1_000;

export async function measureMemory(server: Server, minutes: number): Promise<Memory> {
  const args = ['--rate', String(RATE), '--duration', `${minutes}m`, '--concurrency', '100'];
  const { pid, report } = startGenerator(server.url, args);
  const looks: number[] = [];
  const endAtMs = performance.now() + minutes * 60_000 - LOOK_EVERY_MS;
  while (performance.now() < endAtMs) {
    await delay(LOOK_EVERY_MS);
    looks.push(readResidentMegabytes(pid));
  }
  await report;
  const tenth = Math.floor(looks.length / 10);
  return {
    minutes,
    early: median(looks.slice(tenth, 2 * tenth)),
    late: median(looks.slice(-tenth)),
    highest: Math.max(...looks),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
