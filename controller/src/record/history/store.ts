import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';
import type { Sample } from '../../model/metrics.ts';
import { openChronicle, type ChronicleTables } from './chronicle-tables.ts';
import { openDatabase, readRange, type HistoryDatabase, type TierTable } from './database.ts';
import { decodeMetric, encodeRow, rowOfSample, type Row } from './encoding.ts';
import type { HistoryRequest, HistorySeries } from './history.ts';
import { prune, readProgress, rollUp } from './maintain.ts';
import { readTarget, type RecordedSeries } from './recorded.ts';
import { mergeInto, type Summary } from './summary.ts';
import { openTargets, type TargetIds } from './target-ids.ts';
import { planQuery, startOfInterval, toPoints, type Tiers } from './tiers.ts';

/** The history file, open. All calls are synchronous and short; all throw what SQLite throws. */
export interface HistoryStore {
  /** In one transaction; samples of the same target and time are merged. */
  insert(samples: readonly Sample[]): void;
  query(request: HistoryRequest, nowMs: number): HistorySeries;
  seenRunning(sinceMs: number): readonly string[];
  /** All that there is of a target in a time, finest first. */
  recorded(targetId: string, fromMs: number, toMs: number): RecordedSeries;
  /** What happened, in one transaction. */
  note(episodes: readonly AlertEpisode[], marks: readonly ChangeMark[]): void;
  readonly chronicle: Pick<ChronicleTables, 'episodes' | 'openEpisodes' | 'marks'>;
  /** Fills the coarser tiers from the finer ones; each step is short, and may be the last. */
  rollUp(nowMs: number): Generator<void>;
  /** Removes what has passed its time and is in the next tier; each step is short, and may be the last. */
  prune(nowMs: number): Generator<void>;
  close(): void;
}

export function openStore(file: string, tiers: Tiers): HistoryStore {
  const database = openDatabase(file, tiers);
  const targets = openTargets(database.db);
  const chronicle = openChronicle(database.db);
  return {
    insert: (samples) => database.transaction(() => insertSamples(database, targets, samples)),
    query: (request, nowMs) => querySeries(database, targets, tiers, { request, nowMs }),
    seenRunning: (sinceMs) => targets.seenRunning(sinceMs),
    recorded: (targetId, fromMs, toMs) => ({
      targetId,
      ...readTarget(database, targets.find(targetId) ?? NO_TARGET, { fromMs, toMs }),
    }),
    rollUp: (nowMs) => rollUp(database, targets, nowMs),
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
  const rows = new Map<string, { readonly sample: Sample; readonly row: Row }>();
  const lastUp = new Map<string, number>();
  for (const sample of samples) {
    const key = `${sample.at}|${sample.targetId}`;
    const known = rows.get(key);
    const row = rowOfSample(sample);
    rows.set(key, { sample, row: known === undefined ? row : latest(known.row, row) });
    if (sample.values.up === 1) lastUp.set(sample.targetId, sample.at);
  }
  for (const { sample, row } of rows.values()) {
    raw?.put.run(targets.idOf(sample.targetId), sample.at, encodeRow(row));
  }
  for (const [targetId, at] of lastUp) targets.setLastUp(targetId, at);
}

/** Two looks at the same time, each with the probes of its own policy, are one sample. */
function latest(before: Row, after: Row): Row {
  return before.map((summary, index) => after[index] ?? summary);
}

/** Ids count from 1. */
const NO_TARGET = 0;

interface TimedRequest {
  readonly request: HistoryRequest;
  readonly nowMs: number;
}

function querySeries(
  database: HistoryDatabase,
  targets: TargetIds,
  tiers: Tiers,
  { request, nowMs }: TimedRequest,
): HistorySeries {
  const target = targets.find(request.targetId) ?? NO_TARGET;
  const [raw] = database.tables;
  const countRaw = (fromMs: number, toMs: number): number =>
    Number(raw?.count.get(target, fromMs, toMs)?.['rows'] ?? 0);
  const plan = planQuery(tiers, request, nowMs, countRaw);
  const summaries = new Map<number, Summary>();
  const series = { target, metric: request.metric, widthMs: plan.widthMs };
  collect(database, series, plan, summaries);
  return { resolutionMs: plan.widthMs, points: toPoints(summaries, request.maxPoints) };
}

interface WantedSeries {
  readonly target: number;
  readonly metric: HistoryRequest['metric'];
  readonly widthMs: number;
}

interface Span {
  readonly level: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a tier has, and for the time that it does not have yet, what the tier before it has. */
function collect(database: HistoryDatabase, series: WantedSeries, span: Span, summaries: Map<number, Summary>): void {
  const table = database.tables[span.level];
  if (table === undefined || span.fromMs > span.toMs) return;
  const rolledUpTo = span.level === 0 ? Number.POSITIVE_INFINITY : readProgress(database.db, table.tier);
  for (const { at, summary } of readMetric(table, series, { ...span, toMs: Math.min(span.toMs, rolledUpTo - 1) })) {
    mergeInto(summaries, series.widthMs === 0 ? at : startOfInterval(at, series.widthMs), summary);
  }
  if (span.toMs >= rolledUpTo) {
    const finer = { level: span.level - 1, fromMs: Math.max(span.fromMs, rolledUpTo), toMs: span.toMs };
    collect(database, series, finer, summaries);
  }
}

function* readMetric(
  table: TierTable,
  { target, metric }: WantedSeries,
  { fromMs, toMs }: Span,
): Generator<{ readonly at: number; readonly summary: Summary }> {
  for (const { at, data } of readRange(table, target, fromMs, toMs)) {
    const summary = decodeMetric(data, metric);
    if (summary !== undefined) yield { at, summary };
  }
}
