import type { LoadImpact, Spread } from '../model/load-test.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Target } from '../model/target.ts';

/** A point of recent samples or of the history; raw samples have all three alike. */
export interface Reading {
  readonly at: number;
  readonly mean: number;
  readonly max: number;
}

/** Samples of a container between two times, oldest first. */
export type ReadSamples = (span: {
  readonly targetId: string;
  readonly metric: MetricName;
  readonly fromMs: number;
  readonly toMs: number;
}) => Promise<readonly Reading[]>;

/** The status holds as many. */
const MAX_CONTAINERS = 100;

/** What the load did to the containers between two times. A container that no policy watches has no samples. */
export async function readImpact(
  targets: readonly Target[],
  { fromMs, toMs, read }: { readonly fromMs: number; readonly toMs: number; readonly read: ReadSamples },
): Promise<readonly LoadImpact[]> {
  const named = new Map(targets.map((target) => [target.name, target]));
  const first = [...named.values()].slice(0, MAX_CONTAINERS);
  return Promise.all(
    first.map(async ({ id: targetId, name }) => {
      const readOne = (metric: MetricName): Promise<readonly Reading[]> => read({ targetId, metric, fromMs, toMs });
      return {
        container: name,
        cpu: spreadOf(await readOne('cpu')),
        memory: spreadOf(await readOne('memory')),
        restarts: increaseOf(await readOne('restarts')),
      };
    }),
  );
}

export function spreadOf(readings: readonly Reading[]): Spread | undefined {
  if (readings.length === 0) return undefined;
  const total = readings.reduce((sum, { mean }) => sum + mean, 0);
  return {
    avg: round(total / readings.length),
    max: round(readings.reduce((most, { max }) => Math.max(most, max), 0)),
  };
}

/** Sum of the steps up: a container that was recreated counts from zero again. */
export function increaseOf(readings: readonly Reading[]): number | undefined {
  if (readings.length === 0) return undefined;
  return readings.slice(1).reduce((sum, { max }, index) => {
    const before = readings[index]?.max ?? 0;
    return sum + Math.round(max >= before ? max - before : max);
  }, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
