import { encodeRow } from '../encoding.ts';
import { intervalsOf, type RollUpTables } from '../roll-up.ts';
import type { Tiers } from '../tiers.ts';
import { readProgress, readRange, writeProgress, type HistoryDatabase, type TierTable } from './database.ts';
import type { TargetIds } from './target-ids.ts';

/** Rows that one step reads or removes at most, about: it keeps a step to a few milliseconds. */
const STEP_ROWS = 500;

export function createRollUpTables(database: HistoryDatabase, targets: TargetIds): RollUpTables {
  const { db, tables } = database;
  return {
    tiers: tiersOf(tables),
    progress: (level) => readProgress(db, tierTable(tables, level).tier),
    setProgress: (level, rolledUpToMs) => writeProgress(db, tierTable(tables, level).tier, rolledUpToMs),
    firstFrom: (level, fromMs) => firstFrom(tierTable(tables, level), targets, fromMs),
    *rollUpSpan(level, fromMs, toMs) {
      const pair = { finer: tierTable(tables, level - 1), coarser: tierTable(tables, level) };
      const waiting = targets.all().toReversed();
      while (waiting.length > 0) {
        database.transaction(() => {
          for (let rows = 0; rows < STEP_ROWS;) {
            const target = waiting.pop();
            if (target === undefined) return;
            rows += 1 + rollUpTarget(pair, target, { fromMs, toMs: toMs - 1 });
          }
        });
        yield;
      }
    },
  };
}

function tiersOf([raw, ...coarser]: HistoryDatabase['tables']): Tiers {
  return [raw.tier, ...coarser.map(({ tier }) => tier)];
}

function tierTable(tables: readonly TierTable[], level: number): TierTable {
  const table = tables[level];
  if (table === undefined) throw new RangeError(`the history has no tier ${level}`);
  return table;
}

/** Time of the first row at or after a time, of any target; endless when there is none. */
function firstFrom({ firstFrom: first, unitMs }: TierTable, targets: TargetIds, fromMs: number): number {
  let firstMs = Number.POSITIVE_INFINITY;
  for (const target of targets.all()) {
    const bucket = first.get(target, Math.ceil(fromMs / unitMs))?.['bucket'];
    if (typeof bucket === 'number') firstMs = Math.min(firstMs, bucket * unitMs);
  }
  return firstMs;
}

interface TierPair {
  readonly finer: TierTable;
  readonly coarser: TierTable;
}

/** Makes the intervals of one target and returns how many rows it read. */
function rollUpTarget(
  { finer, coarser }: TierPair,
  target: number,
  span: { readonly fromMs: number; readonly toMs: number },
): number {
  const rows = readRange(finer, target, span);
  for (const [bucket, row] of intervalsOf(rows, coarser.unitMs)) coarser.put.run(target, bucket, encodeRow(row));
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
