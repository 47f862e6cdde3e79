/** For tests: runs of made-up requests whose seconds are not alike, as those of real targets. */
import { buildReport, buildResult } from '../builders.ts';
import type { RequestResult } from '../queue.ts';
import { createRandom } from '../random.ts';
import type { Report } from '../report.ts';

export interface MadeUpRun {
  readonly seed: number;
  readonly seconds?: number;
  readonly ratePerSecond?: number;
  /** Median latency. */
  readonly medianMs?: number;
  readonly errorRate?: number;
  /** How much one second differs from the next, and how much of that it hands on: a slow second follows a slow one. */
  readonly unrest?: number;
  readonly memory?: number;
}

export function madeUpRun(run: MadeUpRun): Report {
  const { seed, seconds = 60, ratePerSecond = 100, medianMs = 20, errorRate = 0.01, unrest = 0.1, memory = 0.5 } = run;
  const normal = createNormal(seed);
  const uniform = createRandom(seed + 1);
  const results: RequestResult[] = [];
  let level = 0;
  for (let second = 0; second < seconds; second += 1) {
    level = memory * level + unrest * normal();
    for (let index = 0; index < ratePerSecond; index += 1) {
      const dueAtMs = second * 1_000 + (index * 1_000) / ratePerSecond;
      const endedAtMs = dueAtMs + medianMs * Math.exp(level + 0.4 * normal());
      const outcome = uniform() < errorRate ? ({ failure: 'http', status: 503 } as const) : { status: 200 };
      results.push(buildResult({ dueAtMs, endedAtMs, ...outcome }));
    }
  }
  return buildReport(results, { durationMs: seconds * 1_000, plannedRate: ratePerSecond, sentRate: ratePerSecond });
}

/** By G. E. P. Box and M. E. Muller (1958). */
function createNormal(seed: number): () => number {
  const uniform = createRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
