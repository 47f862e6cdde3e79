import { encodeRow } from '../encoding.ts';
import { intervalsOf, type RollUpTables } from '../roll-up.ts';
import { numberAt } from './columns.ts';
import type { Database } from './pool.ts';
import { SCHEMA, tierTableName } from './schema.ts';
import type { TargetIds } from './targets.ts';
import type { NewRow, TargetRow, TierTable } from './tier-table.ts';

/** Rows that one step reads, about: five milliseconds of the event loop. */
const STEP_ROWS = 1000;
/** Targets of the first step; from then on as many as have so many rows. */
const FIRST_TARGETS = 100;
const MAX_TARGETS = 2000;

/** Targets that are looked through for some to forget, each time, and in one step: about 50 look-ups each. */
const FORGET_TARGETS = 5000;
const FORGET_STEP_TARGETS = 500;

export interface MaintenanceParts {
  readonly database: Database;
  readonly targets: TargetIds;
  /** Finest first. */
  readonly tables: readonly [TierTable, ...TierTable[]];
}

const readProgressText = `SELECT rolled_up_to_ms FROM ${SCHEMA}.progress WHERE resolution_ms = $1`;
const writeProgressText = `
  INSERT INTO ${SCHEMA}.progress (resolution_ms, rolled_up_to_ms) VALUES ($1, $2)
  ON CONFLICT (resolution_ms) DO UPDATE SET rolled_up_to_ms = excluded.rolled_up_to_ms`;

/** Up to when a tier has all that its finer tier has. */
export async function readProgress(database: Database, { tier }: TierTable): Promise<number> {
  const statement = { name: 'read_progress', text: readProgressText };
  const [row] = (await database.run(statement, [tier.resolutionMs])).rows;
  return row === undefined ? 0 : numberAt(row, 0);
}

/** A tier by its level. */
export function tierTable(tables: readonly TierTable[], level: number): TierTable {
  const table = tables[level];
  if (table === undefined) throw new RangeError(`the history has no tier ${level}`);
  return table;
}

export function createRollUpTables({ database, targets, tables }: MaintenanceParts): RollUpTables {
  const [raw, ...coarser] = tables;
  return {
    tiers: [raw.tier, ...coarser.map(({ tier }) => tier)],
    progress: (level) => readProgress(database, tierTable(tables, level)),
    async setProgress(level, rolledUpToMs) {
      const { resolutionMs } = tierTable(tables, level).tier;
      await database.run({ name: 'write_progress', text: writeProgressText }, [resolutionMs, rolledUpToMs]);
    },
    async firstFrom(level, fromMs) {
      const { chunks } = tierTable(tables, level);
      for (const chunk of await chunks.list()) {
        if (chunk.toMs > fromMs && !(await chunks.isEmpty(chunk))) return chunk.fromMs;
      }
      return Number.POSITIVE_INFINITY;
    },
    async *rollUpSpan(level, fromMs, toMs) {
      const finer = tierTable(tables, level - 1);
      const wider = tierTable(tables, level);
      let wanted = FIRST_TARGETS;
      for (let ids = await targets.page(0, wanted); ids.length > 0;) {
        const rows = await finer.rowsOf(ids, { fromMs, toMs: toMs - 1 });
        const intervals = rollUpRows(rows, wider.unitMs);
        await wider.chunks.ensure(intervals.map(({ bucket }) => bucket * wider.unitMs));
        await wider.put(database, intervals);
        yield;
        wanted = Math.min(MAX_TARGETS, 1 + Math.floor((ids.length * STEP_ROWS) / (rows.length + 1)));
        ids = await targets.page(ids.at(-1) ?? 0, wanted);
      }
    },
  };
}

/** Rows of a target follow each other. */
function rollUpRows(rows: readonly TargetRow[], unitMs: number): readonly NewRow[] {
  const byTarget = Map.groupBy(rows, ({ target }) => target);
  return [...byTarget].flatMap(([target, ofTarget]) =>
    [...intervalsOf(ofTarget, unitMs)].map(([bucket, row]) => ({ target, bucket, data: encodeRow(row) })),
  );
}

/** Drops what has passed its time, chunk by chunk, and then forgets targets of which nothing is left. */
export async function* prune({ database, tables }: MaintenanceParts, nowMs: number): AsyncGenerator<void> {
  for (const [level, { tier, chunks }] of tables.entries()) {
    const coarser = tables[level + 1];
    const kept = nowMs - tier.keepMs;
    const before = coarser === undefined ? kept : Math.min(kept, await readProgress(database, coarser));
    for (const chunk of await chunks.list()) {
      if (chunk.toMs > before) break;
      await chunks.drop(chunk);
      yield;
    }
  }
}

/** Looks through the next targets at each call, from the beginning again after the last. */
export function createForgetting({ targets, tables }: MaintenanceParts): () => AsyncGenerator<void> {
  const names = tables.map(({ tier }) => `${SCHEMA}.${tierTableName(tier.resolutionMs)}`);
  let afterId = 0;
  return async function* forget() {
    for (let looked = 0; looked < FORGET_TARGETS; looked += FORGET_STEP_TARGETS) {
      const ids = await targets.page(afterId, FORGET_STEP_TARGETS);
      afterId = ids.at(-1) ?? 0;
      if (ids.length === 0) return;
      await targets.forget(ids, names);
      yield;
    }
  };
}
