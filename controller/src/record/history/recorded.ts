import type { MetricName, Sample } from '../../model/metrics.ts';
import { decodeRow, storedMetrics, type Row } from './encoding.ts';
import type { Span, TargetTiers } from './series.ts';
import type { Summary } from './summary.ts';
import { unitMsOf, type Tier } from './tiers.ts';

/** What the history has of one target. */
export interface RecordedSeries {
  readonly targetId: string;
  /** In order of time; of each time as it was recorded finest. */
  readonly samples: readonly Sample[];
  /** Width of the widest interval among them; 0 when all are samples as they came. */
  readonly resolutionMs: number;
}

/** Where a finer tier begins, the coarser one ends. */
export async function readTarget(
  target: TargetTiers,
  { fromMs, toMs }: Span,
): Promise<Omit<RecordedSeries, 'targetId'>> {
  const samples: Sample[] = [];
  let resolutionMs = 0;
  let untilMs = toMs;
  for (const [level, tier] of target.tiers.entries()) {
    const rows = await target.rows(level, { fromMs, toMs: untilMs });
    const [first] = rows;
    if (first === undefined) continue;
    samples.unshift(...rows.map(({ at, data }) => ({ targetId: '', at, values: valuesOf(decodeRow(data)) })));
    ({ resolutionMs } = tier);
    untilMs = startBefore(first.at, target.tiers[level + 1]);
  }
  return { samples, resolutionMs };
}

/** The last millisecond whose interval in the coarser tier ends before the finer tier begins. */
function startBefore(at: number, coarser: Tier | undefined): number {
  return coarser === undefined ? at - 1 : at - unitMsOf(coarser);
}

/** Values are kept with 24 bits. */
const SIGNIFICANT_DIGITS = 7;

function valuesOf(row: Row): Sample['values'] {
  const values: Partial<Record<MetricName, number>> = {};
  for (const [index, metric] of storedMetrics.entries()) {
    const summary = row[index];
    if (summary !== undefined) values[metric] = Number(representative(metric, summary).toPrecision(SIGNIFICANT_DIGITS));
  }
  return values;
}

/** Of an interval: down when it was seen down in it, the counter at its end, the worst answer, else the mean. */
export function representative(metric: MetricName, { min, mean, max }: Omit<Summary, 'count'>): number {
  if (metric === 'up') return min;
  return metric === 'restarts' || metric === 'httpStatus' ? max : mean;
}
