import type { Sample } from '../../../model/metrics.ts';
import { rowsOfSamples } from '../batch.ts';
import { encodeRow } from '../encoding.ts';
import { readTarget } from '../recorded.ts';
import { rollUp } from '../roll-up.ts';
import { querySeries, type TargetTiers } from '../series.ts';
import type { HistoryStore } from '../store.ts';
import type { Tiers } from '../tiers.ts';
import { openChronicle } from './chronicle-tables.ts';
import {
  createForgetting,
  createRollUpTables,
  prune,
  readProgress,
  tierTable,
  type MaintenanceParts,
} from './maintain.ts';
import { openDatabase, type Database, type DatabaseOptions } from './pool.ts';
import { isMigrated, migrate } from './schema.ts';
import { openTargets } from './targets.ts';
import { keyText } from './text.ts';
import { openTierTable } from './tier-table.ts';

export interface PostgresStoreOptions extends DatabaseOptions {
  readonly tiers: Tiers;
}

export interface PostgresStore extends HistoryStore {
  /** The first ids of those that are known. */
  targetIds(limit: number): Promise<readonly string[]>;
}

/**
 * Connects and makes the schema. Reading only: undefined while nobody made it. Each fails with what `pg` fails with, or
 * Invalid when the schema is newer than this version.
 */
export async function openStore(options: PostgresStoreOptions): Promise<PostgresStore | undefined> {
  const database = openDatabase(options);
  try {
    if (options.readOnly && !(await isMigrated(database, options.tiers))) {
      await database.close();
      return undefined;
    }
    if (!options.readOnly) await migrate(database, options.tiers);
    return createStore(database, options.tiers);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function createStore(database: Database, tiers: Tiers): PostgresStore {
  const parts: MaintenanceParts = { database, targets: openTargets(database), tables: openTables(database, tiers) };
  const chronicle = openChronicle(database);
  const forget = createForgetting(parts);
  const tiersOf = async (targetId: string): Promise<TargetTiers> =>
    targetTiers(parts, tiers, await parts.targets.find(keyText(targetId)));
  return {
    insert: (samples) => insertSamples(parts, samples),
    query: async (request, nowMs) => querySeries(await tiersOf(request.targetId), request, nowMs),
    seenRunning: parts.targets.seenRunning,
    targetIds: parts.targets.names,
    recorded: async (targetId, fromMs, toMs) => ({
      targetId,
      ...(await readTarget(await tiersOf(targetId), { fromMs, toMs })),
    }),
    note: chronicle.note,
    chronicle,
    rollUp: (nowMs) => rollUp(createRollUpTables(parts), nowMs),
    async *prune(nowMs) {
      yield* prune(parts, nowMs);
      yield* forget();
      while (await chronicle.pruneSome(nowMs)) yield;
    },
    close: database.close,
  };
}

function openTables(database: Database, tiers: Tiers): MaintenanceParts['tables'] {
  const [raw, ...coarser] = tiers;
  return [
    openTierTable(database, raw, coarser[0]),
    ...coarser.map((tier, index) => openTierTable(database, tier, coarser[index + 1])),
  ];
}

/** Written again after a failure, it leaves what one writing leaves; so do two processes that write the same. */
async function insertSamples(
  { database, targets, tables }: MaintenanceParts,
  samples: readonly Sample[],
): Promise<void> {
  const [raw] = tables;
  const { rows, lastUp } = rowsOfSamples(samples.map(storable));
  const ids = await targets.idsOf(rows.map(({ targetId }) => targetId));
  await raw.chunks.ensure(rows.map(({ at }) => at));
  const idOf = (targetId: string): number => ids.get(targetId) ?? 0;
  await database.transaction(async (sql) => {
    await raw.put(
      sql,
      rows.map(({ targetId, at, row }) => ({ target: idOf(targetId), bucket: at, data: encodeRow(row) })),
    );
    await targets.setLastUp(sql, new Map([...lastUp].map(([targetId, at]) => [idOf(targetId), at])));
  });
}

function storable(sample: Sample): Sample {
  const targetId = keyText(sample.targetId);
  return targetId === sample.targetId ? sample : { ...sample, targetId };
}

function targetTiers({ database, tables }: MaintenanceParts, tiers: Tiers, target: number): TargetTiers {
  return {
    tiers,
    rows: (level, span) => tierTable(tables, level).rows(target, span),
    countRaw: (span) => tables[0].count(target, span),
    progress: (level) => readProgress(database, tierTable(tables, level)),
  };
}
