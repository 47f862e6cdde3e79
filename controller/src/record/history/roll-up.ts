import { decodeRow, mergeRows, type Row } from './encoding.ts';
import type { StoredRow } from './series.ts';
import type { Awaitable, Steps } from './steps.ts';
import { startOfInterval, unitMsOf, type Tiers } from './tiers.ts';

/** Intervals of the coarser tier that are made of one target at a time: half an hour of samples for minutes. */
const STEP_INTERVALS = 30;

/** A sample may come this late and still be in its interval: the deadline of a poll, and the buffer. */
const LATENESS_MS = 30_000;

/** The tiers of all targets; `level` counts from the finest. */
export interface RollUpTables {
  readonly tiers: Tiers;
  /** Up to when a tier has all that its finer tier has. */
  progress(level: number): Awaitable<number>;
  setProgress(level: number, rolledUpToMs: number): Awaitable<void>;
  /** No later than the first row of a tier at or after a time; endless when there is none. */
  firstFrom(level: number, fromMs: number): Awaitable<number>;
  /** Makes the intervals of a tier from `fromMs` up to `toMs` of its finer tier, target by target. */
  rollUpSpan(level: number, fromMs: number, toMs: number): Steps;
}

/** Fills the coarser tiers from what is stored of the finer ones, so that another process can go on at any point. */
export async function* rollUp(tables: RollUpTables, nowMs: number): AsyncGenerator<void> {
  let finishedToMs = nowMs - LATENESS_MS;
  for (const [level, tier] of tables.tiers.entries()) {
    if (level === 0) continue;
    const unitMs = unitMsOf(tier);
    finishedToMs = startOfInterval(finishedToMs, unitMs);
    yield* rollUpTier(tables, { level, unitMs, toMs: finishedToMs });
  }
}

interface TierGoal {
  readonly level: number;
  readonly unitMs: number;
  readonly toMs: number;
}

/** Doing an interval twice is harmless, so progress is noted when all targets have it. */
async function* rollUpTier(tables: RollUpTables, { level, unitMs, toMs }: TierGoal): AsyncGenerator<void> {
  const progress = await tables.progress(level);
  const stepMs = STEP_INTERVALS * unitMs;
  let fromMs = progress;
  while (fromMs < toMs) {
    if (toMs - fromMs > stepMs) fromMs = Math.max(fromMs, await tables.firstFrom(level - 1, fromMs));
    if (fromMs >= toMs) break;
    fromMs = startOfInterval(fromMs, unitMs);
    const endMs = Math.min(toMs, fromMs + stepMs);
    yield* tables.rollUpSpan(level, fromMs, endMs);
    await tables.setProgress(level, endMs);
    fromMs = endMs;
  }
  // Also after silence, and back when the clock was set back, so that new samples are rolled up again.
  if (progress !== toMs && fromMs !== toMs) await tables.setProgress(level, toMs);
}

/** The rows of one target as intervals of a coarser tier, by their number since the epoch. */
export function intervalsOf(rows: Iterable<StoredRow>, unitMs: number): Map<number, Row> {
  const intervals = new Map<number, Row>();
  for (const { at, data } of rows) {
    const bucket = Math.floor(at / unitMs);
    const known = intervals.get(bucket);
    const row = decodeRow(data);
    intervals.set(bucket, known === undefined ? row : mergeRows(known, row));
  }
  return intervals;
}
