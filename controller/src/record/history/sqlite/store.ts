import type { AlertEpisode, ChangeMark } from '../../../model/episode.ts';
import type { Sample } from '../../../model/metrics.ts';
import { rowsOfSamples } from '../batch.ts';
import { encodeRow } from '../encoding.ts';
import { readTarget } from '../recorded.ts';
import { rollUp } from '../roll-up.ts';
import { querySeries, type TargetTiers } from '../series.ts';
import type { HistoryStore } from '../store.ts';
import type { Tiers } from '../tiers.ts';
import { openChronicle, type ChronicleTables } from './chronicle-tables.ts';
import { openDatabase, readProgress, readRange, type HistoryDatabase } from './database.ts';
import { createRollUpTables, prune } from './maintain.ts';
import { openTargets, type TargetIds } from './target-ids.ts';

/** The history file, open. What writes is synchronous and short; all throw what SQLite throws. */
export interface SqliteStore extends HistoryStore {
  insert(samples: readonly Sample[]): void;
  note(episodes: readonly AlertEpisode[], marks: readonly ChangeMark[]): void;
  seenRunning(sinceMs: number): readonly string[];
  readonly chronicle: Pick<ChronicleTables, 'episodes' | 'openEpisodes' | 'marks'>;
  close(): void;
}

export function openStore(file: string, tiers: Tiers): SqliteStore {
  const database = openDatabase(file, tiers);
  const targets = openTargets(database.db);
  const chronicle = openChronicle(database.db);
  const tiersOf = (targetId: string): TargetTiers => targetTiers(database, tiers, targets.find(targetId) ?? NO_TARGET);
  return {
    insert: (samples) => database.transaction(() => insertSamples(database, targets, samples)),
    query: (request, nowMs) => querySeries(tiersOf(request.targetId), request, nowMs),
    seenRunning: (sinceMs) => targets.seenRunning(sinceMs),
    recorded: async (targetId, fromMs, toMs) => ({
      targetId,
      ...(await readTarget(tiersOf(targetId), { fromMs, toMs })),
    }),
    rollUp: (nowMs) => rollUp(createRollUpTables(database, targets), nowMs),
    note: (episodes, marks) =>
      database.transaction(() => {
        for (const episode of episodes) chronicle.putEpisode(episode);
        for (const mark of marks) chronicle.putMark(mark);
      }),
    chronicle,
    *prune(nowMs) {
      yield* prune(database, targets, nowMs);
      while (database.transaction(() => chronicle.pruneSome(nowMs))) yield;
    },
    close: () => database.db.close(),
  };
}

function insertSamples({ tables }: HistoryDatabase, targets: TargetIds, samples: readonly Sample[]): void {
  const [raw] = tables;
  const { rows, lastUp } = rowsOfSamples(samples);
  for (const { targetId, at, row } of rows) raw.put.run(targets.idOf(targetId), at, encodeRow(row));
  for (const [targetId, at] of lastUp) targets.setLastUp(targetId, at);
}

/** Ids count from 1. */
const NO_TARGET = 0;

export function targetTiers({ db, tables }: HistoryDatabase, tiers: Tiers, target: number): TargetTiers {
  const [raw] = tables;
  return {
    tiers,
    rows(level, span) {
      const table = tables[level];
      return table === undefined ? [] : readRange(table, target, span);
    },
    countRaw: ({ fromMs, toMs }) => Number(raw.count.get(target, fromMs, toMs)?.['rows'] ?? 0),
    progress(level) {
      const tier = tiers[level];
      return tier === undefined ? 0 : readProgress(db, tier);
    },
  };
}
