import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';
import { changeKinds } from '../../model/observation.ts';
import type { EpisodeRequest, MarkRequest } from './chronicle.ts';

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

/** As long as the coarsest samples. */
const KEEP_MS = 90 * 86_400_000;
/** About a kilobyte each. */
const MAX_EPISODES = 20_000;
const MAX_MARKS = 100_000;
/** Removed in one step. */
const STEP_ROWS = 500;
/** Stands for "not yet" in the column of ends. */
const OPEN = Number.MAX_SAFE_INTEGER;

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
      const { id, target, pendingSince, resolvedAt = OPEN } = episode;
      putEpisode.run(id, target.id, pendingSince, resolvedAt, JSON.stringify(episode));
    },
    putMark({ targetId, at, kind, exitCode = null, detail = null }) {
      putMark.run(targetId, at, kind, exitCode, detail);
    },
    episodes: ({ targetId, fromMs, toMs, limit }) =>
      (targetId === undefined ? ofAll.all(toMs, fromMs, limit) : ofTarget.all(targetId, toMs, fromMs, limit)).flatMap(
        episodeOf,
      ),
    openEpisodes: (limit) => open.all(OPEN, limit).flatMap(episodeOf),
    marks: ({ targetId, fromMs, toMs, limit }) =>
      marks
        .all(targetId, fromMs, toMs, limit)
        .toReversed()
        .flatMap((row) => markOf(targetId, row)),
    pruneSome: createPruning(db),
  };
}

interface BoundedTable {
  readonly name: string;
  readonly key: string;
  /** Column of the time by which a row grows old. */
  readonly time: string;
  readonly maxRows: number;
}

const boundedTables: readonly BoundedTable[] = [
  { name: 'episodes', key: 'id', time: 'to_ms', maxRows: MAX_EPISODES },
  { name: 'marks', key: 'target, at_ms, kind', time: 'at_ms', maxRows: MAX_MARKS },
];

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

/** What this program did not write is passed over. */
function episodeOf(row: Row): readonly AlertEpisode[] {
  const episode: unknown = JSON.parse(String(row['data']));
  return isEpisode(episode) ? [episode] : [];
}

function isEpisode(value: unknown): value is AlertEpisode {
  return typeof value === 'object' && value !== null && 'firedAt' in value && 'moments' in value && 'target' in value;
}

function markOf(targetId: string, row: Row): readonly ChangeMark[] {
  const kind = changeKinds.find((known) => known === row['kind']);
  if (kind === undefined) return [];
  const { at_ms: at, exit_code: exitCode, detail } = row;
  return [
    {
      targetId,
      at: Number(at),
      kind,
      ...(typeof exitCode === 'number' && { exitCode }),
      ...(typeof detail === 'string' && { detail }),
    },
  ];
}
