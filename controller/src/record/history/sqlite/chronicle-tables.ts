import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { AlertEpisode, ChangeMark } from '../../../model/episode.ts';
import { boundedTables, episodeOf, KEEP_MS, markOf, OPEN_MS, type BoundedTable } from '../chronicle-rows.ts';
import type { EpisodeRequest, MarkRequest } from '../chronicle.ts';

/** The part of the history file that tells what happened. All calls are synchronous and short. */
export interface ChronicleTables {
  putEpisode(episode: AlertEpisode): void;
  putMark(mark: ChangeMark): void;
  episodes(request: EpisodeRequest): readonly AlertEpisode[];
  openEpisodes(limit: number): readonly AlertEpisode[];
  marks(request: MarkRequest): readonly ChangeMark[];
  /** Removes some of what is too old or too much; false when nothing is left to remove. */
  pruneSome(nowMs: number): boolean;
}

/** Removed in one step. */
const STEP_ROWS = 500;

export function createChronicleSchema(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS episodes (
      id TEXT PRIMARY KEY, target TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS episodes_by_time ON episodes (from_ms);
    CREATE INDEX IF NOT EXISTS episodes_by_target ON episodes (target, from_ms);
    CREATE INDEX IF NOT EXISTS episodes_by_end ON episodes (to_ms);
    CREATE TABLE IF NOT EXISTS marks (
      target TEXT NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, exit_code INTEGER, detail TEXT,
      PRIMARY KEY (target, at_ms, kind)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS marks_by_time ON marks (at_ms);
  `);
}

/** The schema must be there. */
export function openChronicle(db: DatabaseSync): ChronicleTables {
  const putEpisode = db.prepare(
    'INSERT OR REPLACE INTO episodes (id, target, from_ms, to_ms, data) VALUES (?, ?, ?, ?, ?)',
  );
  const putMark = db.prepare(
    'INSERT OR REPLACE INTO marks (target, at_ms, kind, exit_code, detail) VALUES (?, ?, ?, ?, ?)',
  );
  const overlapping = 'from_ms <= ? AND to_ms >= ? ORDER BY from_ms DESC LIMIT ?';
  const ofAll = db.prepare(`SELECT data FROM episodes WHERE ${overlapping}`);
  const ofTarget = db.prepare(`SELECT data FROM episodes WHERE target = ? AND ${overlapping}`);
  const open = db.prepare('SELECT data FROM episodes WHERE to_ms = ? ORDER BY from_ms DESC LIMIT ?');
  const marks = db.prepare(
    'SELECT at_ms, kind, exit_code, detail FROM marks WHERE target = ? AND at_ms BETWEEN ? AND ? ORDER BY at_ms DESC LIMIT ?',
  );
  return {
    putEpisode(episode) {
      const { id, target, pendingSince, resolvedAt = OPEN_MS } = episode;
      putEpisode.run(id, target.id, pendingSince, resolvedAt, JSON.stringify(episode));
    },
    putMark({ targetId, at, kind, exitCode = null, detail = null }) {
      putMark.run(targetId, at, kind, exitCode, detail);
    },
    episodes: ({ targetId, fromMs, toMs, limit }) =>
      (targetId === undefined ? ofAll.all(toMs, fromMs, limit) : ofTarget.all(targetId, toMs, fromMs, limit)).flatMap(
        rowEpisode,
      ),
    openEpisodes: (limit) => open.all(OPEN_MS, limit).flatMap(rowEpisode),
    marks: ({ targetId, fromMs, toMs, limit }) =>
      marks
        .all(targetId, fromMs, toMs, limit)
        .toReversed()
        .flatMap((row) => rowMark(targetId, row)),
    pruneSome: createPruning(db),
  };
}

function createPruning(db: DatabaseSync): (nowMs: number) => boolean {
  const pruners = boundedTables.map((table) => createPruner(db, table));
  return (nowMs) => pruners.some((prune) => prune(nowMs));
}

function createPruner(db: DatabaseSync, { name, key, time, maxRows }: BoundedTable): (nowMs: number) => boolean {
  const remove = (which: string): StatementSync =>
    db.prepare(`DELETE FROM ${name} WHERE (${key}) IN (SELECT ${key} FROM ${name} ${which} ORDER BY ${time} LIMIT ?)`);
  const old = remove(`WHERE ${time} < ?`);
  const oldest = remove('');
  const count = db.prepare(`SELECT count(*) AS rows FROM ${name}`);
  return (nowMs) => {
    if (Number(old.run(nowMs - KEEP_MS, STEP_ROWS).changes) > 0) return true;
    const excess = Number(count.get()?.['rows'] ?? 0) - maxRows;
    return excess > 0 && Number(oldest.run(Math.min(excess, STEP_ROWS)).changes) > 0;
  };
}

type Row = Readonly<Record<string, SQLOutputValue>>;

function rowEpisode(row: Row): readonly AlertEpisode[] {
  return episodeOf(String(row['data']));
}

function rowMark(targetId: string, row: Row): readonly ChangeMark[] {
  return markOf({ targetId, at: row['at_ms'], kind: row['kind'], exitCode: row['exit_code'], detail: row['detail'] });
}
