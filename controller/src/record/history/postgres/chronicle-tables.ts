import type { AlertEpisode, ChangeMark } from '../../../model/episode.ts';
import { boundedTables, episodeOf, KEEP_MS, markOf, OPEN_MS, type BoundedTable } from '../chronicle-rows.ts';
import type { StoredChronicle } from '../store.ts';
import { numberAt, numberArray, textAt, type SqlRow } from './columns.ts';
import type { Database, SqlValue } from './pool.ts';
import { SCHEMA } from './schema.ts';
import { columnText, keyText } from './text.ts';

export interface ChronicleTables extends StoredChronicle {
  /** In one transaction. */
  note(episodes: readonly AlertEpisode[], marks: readonly ChangeMark[]): Promise<void>;
  /** Removes some of what is too old or too much; false when nothing is left to remove. */
  pruneSome(nowMs: number): Promise<boolean>;
}

/** Removed in one step. */
const STEP_ROWS = 500;

const overlapping = 'from_ms <= $1 AND to_ms >= $2';
const newestFirst = 'ORDER BY from_ms DESC LIMIT $3';

const statements = {
  putEpisodes: {
    name: 'put_episodes',
    text: `
      INSERT INTO ${SCHEMA}.episodes (id, target, from_ms, to_ms, data)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
      ON CONFLICT (id) DO UPDATE
      SET target = excluded.target, from_ms = excluded.from_ms, to_ms = excluded.to_ms, data = excluded.data`,
  },
  putMarks: {
    name: 'put_marks',
    text: `
      INSERT INTO ${SCHEMA}.marks (target, at_ms, kind, exit_code, detail)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::integer[], $5::text[])
      ON CONFLICT (target, at_ms, kind) DO UPDATE SET exit_code = excluded.exit_code, detail = excluded.detail`,
  },
  ofAll: {
    name: 'episodes_of_all',
    text: `SELECT data FROM ${SCHEMA}.episodes WHERE ${overlapping} ${newestFirst}`,
  },
  ofTarget: {
    name: 'episodes_of_target',
    text: `SELECT data FROM ${SCHEMA}.episodes WHERE ${overlapping} AND target = $4 ${newestFirst}`,
  },
  open: {
    name: 'open_episodes',
    text: `SELECT data FROM ${SCHEMA}.episodes WHERE to_ms = $1 ORDER BY from_ms DESC LIMIT $2`,
  },
  marks: {
    name: 'marks',
    text: `
      SELECT at_ms, kind, exit_code, detail FROM ${SCHEMA}.marks
      WHERE target = $1 AND at_ms BETWEEN $2 AND $3 ORDER BY at_ms DESC LIMIT $4`,
  },
} as const;

export function openChronicle(database: Database): ChronicleTables {
  return {
    note: (episodes, marks) =>
      database.transaction(async (sql) => {
        // Little, and worth more than the last second of charts.
        await sql.run({ text: 'SET LOCAL synchronous_commit = on' });
        if (episodes.length > 0) await sql.run(statements.putEpisodes, episodeColumns(episodes));
        if (marks.length > 0) await sql.run(statements.putMarks, markColumns(marks));
      }),
    async episodes({ targetId, fromMs, toMs, limit }) {
      const { rows } =
        targetId === undefined
          ? await database.run(statements.ofAll, [toMs, fromMs, limit])
          : await database.run(statements.ofTarget, [toMs, fromMs, limit, keyText(targetId)]);
      return rows.flatMap(rowEpisode);
    },
    openEpisodes: async (limit) => (await database.run(statements.open, [OPEN_MS, limit])).rows.flatMap(rowEpisode),
    async marks({ targetId, fromMs, toMs, limit }) {
      const { rows } = await database.run(statements.marks, [keyText(targetId), fromMs, toMs, limit]);
      return rows
        .toReversed()
        .flatMap(([at, kind, exitCode, detail]) => markOf({ targetId, at, kind, exitCode, detail }));
    },
    async pruneSome(nowMs) {
      for (const table of boundedTables) if (await pruneTable(database, table, nowMs)) return true;
      return false;
    },
  };
}

function episodeColumns(episodes: readonly AlertEpisode[]): readonly SqlValue[] {
  const unique = [...new Map(episodes.map((episode) => [keyText(episode.id), episode]))];
  return [
    unique.map(([id]) => id),
    unique.map(([, { target }]) => keyText(target.id)),
    numberArray(unique.map(([, { pendingSince }]) => pendingSince)),
    numberArray(unique.map(([, { resolvedAt = OPEN_MS }]) => resolvedAt)),
    // Stringified, neither a zero byte nor half a character is left.
    unique.map(([, episode]) => JSON.stringify(episode)),
  ];
}

function markColumns(marks: readonly ChangeMark[]): readonly SqlValue[] {
  const unique = [
    ...new Map(marks.map((mark) => [JSON.stringify([keyText(mark.targetId), mark.at, mark.kind]), mark])).values(),
  ];
  return [
    unique.map(({ targetId }) => keyText(targetId)),
    numberArray(unique.map(({ at }) => at)),
    unique.map(({ kind }) => kind),
    unique.map(({ exitCode }) => (exitCode === undefined ? null : String(exitCode))),
    unique.map(({ detail }) => (detail === undefined ? null : columnText(detail))),
  ];
}

async function pruneTable(
  database: Database,
  { name, key, time, maxRows }: BoundedTable,
  nowMs: number,
): Promise<boolean> {
  const table = `${SCHEMA}.${name}`;
  const remove = async (which: string, values: readonly number[]): Promise<boolean> => {
    const some = `SELECT ${key} FROM ${table} ${which} ORDER BY ${time} LIMIT $1`;
    return (await database.run({ text: `DELETE FROM ${table} WHERE (${key}) IN (${some})` }, values)).count > 0;
  };
  if (await remove(`WHERE ${time} < $2`, [STEP_ROWS, nowMs - KEEP_MS])) return true;
  const excess = numberAt((await database.run({ text: `SELECT count(*) FROM ${table}` })).rows[0], 0) - maxRows;
  return excess > 0 && remove('', [Math.min(excess, STEP_ROWS)]);
}

function rowEpisode(row: SqlRow): readonly AlertEpisode[] {
  return episodeOf(textAt(row, 0));
}
