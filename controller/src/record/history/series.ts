import type { MetricName } from '../../model/metrics.ts';
import { decodeMetric } from './encoding.ts';
import type { HistoryRequest, HistorySeries } from './history.ts';
import type { Awaitable } from './steps.ts';
import { mergeInto, type Summary } from './summary.ts';
import { planQuery, startOfInterval, toPoints, type Tiers } from './tiers.ts';

/** A row of a tier: one target over one interval, encoded. */
export interface StoredRow {
  /** Start of the interval. */
  readonly at: number;
  readonly data: Uint8Array;
}

/** First and last millisecond, both included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The tiers of one target; `level` counts from the finest. */
export interface TargetTiers {
  readonly tiers: Tiers;
  /** In order of time. */
  rows(level: number, span: Span): Awaitable<readonly StoredRow[]>;
  /** Rows of the finest tier. */
  countRaw(span: Span): Awaitable<number>;
  /** Up to when a tier has all that its finer tier has. */
  progress(level: number): Awaitable<number>;
}

export async function querySeries(target: TargetTiers, request: HistoryRequest, nowMs: number): Promise<HistorySeries> {
  const countRaw = (fromMs: number, toMs: number): Awaitable<number> => target.countRaw({ fromMs, toMs });
  const plan = await planQuery(target.tiers, request, nowMs, countRaw);
  const summaries = new Map<number, Summary>();
  await collect(target, { metric: request.metric, widthMs: plan.widthMs, summaries }, plan);
  return { resolutionMs: plan.widthMs, points: toPoints(summaries, request.maxPoints) };
}

interface Wanted {
  readonly metric: MetricName;
  readonly widthMs: number;
  readonly summaries: Map<number, Summary>;
}

/** What a tier has, and for the time that it does not have yet, what the tier before it has. */
async function collect(target: TargetTiers, wanted: Wanted, span: Span & { readonly level: number }): Promise<void> {
  const { level, fromMs, toMs } = span;
  if (level < 0 || fromMs > toMs) return;
  const rolledUpTo = level === 0 ? Number.POSITIVE_INFINITY : await target.progress(level);
  const own = { fromMs, toMs: Math.min(toMs, rolledUpTo - 1) };
  if (own.fromMs <= own.toMs) merge(wanted, await target.rows(level, own));
  if (toMs >= rolledUpTo)
    await collect(target, wanted, { level: level - 1, fromMs: Math.max(fromMs, rolledUpTo), toMs });
}

function merge({ metric, widthMs, summaries }: Wanted, rows: readonly StoredRow[]): void {
  for (const { at, data } of rows) {
    const summary = decodeMetric(data, metric);
    if (summary !== undefined) mergeInto(summaries, widthMs === 0 ? at : startOfInterval(at, widthMs), summary);
  }
}
