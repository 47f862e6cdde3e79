import type { DatabaseSync } from 'node:sqlite';
import { readRange, type HistoryDatabase, type TierTable } from './database.ts';
import { decodeRow, encodeRow, mergeRows, type Row } from './encoding.ts';
import type { TargetIds } from './target-ids.ts';
import { startOfInterval, type Tier } from './tiers.ts';

/** Rows that one step reads or removes at most, about: it keeps a step to a few milliseconds. */
const STEP_ROWS = 500;

/** Intervals of the coarser tier that are made of one target at a time: half an hour of samples for minutes. */
const STEP_INTERVALS = 30;

/** A sample may come this late and still be in its interval: the deadline of a poll, and the buffer. */
const LATENESS_MS = 30_000;

/** Up to when a tier has all that its finer tier has. */
export function readProgress(db: DatabaseSync, { resolutionMs }: Tier): number {
  const row = db.prepare('SELECT rolled_up_to_ms FROM progress WHERE resolution_ms = ?').get(resolutionMs);
  return Number(row?.['rolled_up_to_ms'] ?? 0);
}

function writeProgress(db: DatabaseSync, { resolutionMs }: Tier, rolledUpToMs: number): void {
  db.prepare('INSERT OR REPLACE INTO progress (resolution_ms, rolled_up_to_ms) VALUES (?, ?)').run(
    resolutionMs,
    rolledUpToMs,
  );
}

export function* rollUp(database: HistoryDatabase, targets: TargetIds, nowMs: number): Generator<void> {
  let finishedToMs = nowMs - LATENESS_MS;
  for (const [level, coarser] of database.tables.entries()) {
    const finer = database.tables[level - 1];
    if (finer === undefined) continue;
    finishedToMs = startOfInterval(finishedToMs, coarser.unitMs);
    yield* rollUpTier({ database, targets, finer, coarser }, finishedToMs);
  }
}

interface TierPair {
  readonly database: HistoryDatabase;
  readonly targets: TargetIds;
  readonly finer: TierTable;
  readonly coarser: TierTable;
}

/** Doing an interval twice is harmless, so progress is noted when all targets have it. */
function* rollUpTier(pair: TierPair, toMs: number): Generator<void> {
  const { database, targets, finer, coarser } = pair;
  const progress = readProgress(database.db, coarser.tier);
  let fromMs = progress;
  while (fromMs < toMs) {
    if (toMs - fromMs > STEP_INTERVALS * coarser.unitMs) fromMs = skipSilence(finer, targets, fromMs);
    if (fromMs >= toMs) break;
    fromMs = startOfInterval(fromMs, coarser.unitMs);
    const endMs = Math.min(toMs, fromMs + STEP_INTERVALS * coarser.unitMs);
    yield* rollUpSpan(pair, fromMs, endMs);
    writeProgress(database.db, coarser.tier, endMs);
    fromMs = endMs;
  }
  // Also after silence, and back when the clock was set back, so that new samples are rolled up again.
  if (progress !== toMs && fromMs !== toMs) writeProgress(database.db, coarser.tier, toMs);
}

/** Time of the first row at or after a time, of any target; endless when there is none. */
function skipSilence(finer: TierTable, targets: TargetIds, fromMs: number): number {
  let firstMs = Number.POSITIVE_INFINITY;
  for (const target of targets.all()) {
    const bucket = finer.firstFrom.get(target, Math.ceil(fromMs / finer.unitMs))?.['bucket'];
    if (typeof bucket === 'number') firstMs = Math.min(firstMs, bucket * finer.unitMs);
  }
  return firstMs;
}

function* rollUpSpan({ database, targets, finer, coarser }: TierPair, fromMs: number, toMs: number): Generator<void> {
  const waiting = targets.all().toReversed();
  while (waiting.length > 0) {
    database.transaction(() => {
      for (let rows = 0; rows < STEP_ROWS;) {
        const target = waiting.pop();
        if (target === undefined) return;
        rows += 1 + rollUpTarget(finer, coarser, target, [fromMs, toMs]);
      }
    });
    yield;
  }
}

/** Makes the intervals of one target and returns how many rows it read. */
function rollUpTarget(
  finer: TierTable,
  coarser: TierTable,
  target: number,
  [fromMs, toMs]: readonly [number, number],
): number {
  const intervals = new Map<number, Row>();
  const rows = readRange(finer, target, fromMs, toMs - 1);
  for (const { at, data } of rows) {
    const bucket = Math.floor(at / coarser.unitMs);
    const known = intervals.get(bucket);
    const row = decodeRow(data);
    intervals.set(bucket, known === undefined ? row : mergeRows(known, row));
  }
  for (const [bucket, row] of intervals) coarser.put.run(target, bucket, encodeRow(row));
  return rows.length;
}

export function* prune(database: HistoryDatabase, targets: TargetIds, nowMs: number): Generator<void> {
  for (const [level, table] of database.tables.entries()) {
    const coarser = database.tables[level + 1];
    const kept = nowMs - table.tier.keepMs;
    const before = coarser === undefined ? kept : Math.min(kept, readProgress(database.db, coarser.tier));
    for (const target of targets.all()) yield* pruneTarget(database, table, target, Math.floor(before / table.unitMs));
  }
  for (const target of targets.all()) {
    if (database.tables.every((table) => isEmpty(table, target))) targets.remove(target);
    yield;
  }
}

function* pruneTarget(
  database: HistoryDatabase,
  table: TierTable,
  target: number,
  beforeBucket: number,
): Generator<void> {
  for (let removed = STEP_ROWS; removed === STEP_ROWS;) {
    removed = database.transaction(() =>
      Number(table.removeBefore.run(target, target, beforeBucket, STEP_ROWS).changes),
    );
    yield;
  }
}

function isEmpty(table: TierTable, target: number): boolean {
  return table.firstFrom.get(target, 0)?.['bucket'] === null;
}
