import { numberArray, numberAt, textAt } from './columns.ts';
import type { Database, Sql } from './pool.ts';
import { SCHEMA } from './schema.ts';

/** Small numbers for the ids of targets, and when each was last seen running. */
export interface TargetIds {
  /** The numbers of targets, new ones for new targets. */
  idsOf(names: Iterable<string>): Promise<ReadonlyMap<string, number>>;
  /** 0 for one that is not known. */
  find(name: string): Promise<number>;
  /** The first names, in order. */
  names(limit: number): Promise<readonly string[]>;
  /** The next numbers after one, in order. */
  page(afterId: number, limit: number): Promise<readonly number[]>;
  setLastUp(sql: Sql, lastUp: ReadonlyMap<number, number>): Promise<void>;
  /** Those that ran since then. */
  seenRunning(sinceMs: number): Promise<readonly string[]>;
  /** Of these numbers, forgets those without a row in any of the tables. */
  forget(ids: readonly number[], tables: readonly string[]): Promise<void>;
}

/** Names whose number is remembered, about 200 bytes each; beyond it they are asked for again. */
const MAX_REMEMBERED = 200_000;

const table = `${SCHEMA}.targets`;

const statements = {
  find: { name: 'find_target', text: `SELECT id FROM ${table} WHERE name = $1` },
  lookUp: { name: 'look_up_targets', text: `SELECT name, id FROM ${table} WHERE name = ANY ($1::text[])` },
  add: {
    name: 'add_targets',
    text: `INSERT INTO ${table} (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING`,
  },
  names: { name: 'name_targets', text: `SELECT name FROM ${table} ORDER BY name COLLATE "C" LIMIT $1` },
  page: { name: 'page_targets', text: `SELECT id FROM ${table} WHERE id > $1 ORDER BY id LIMIT $2` },
  setLastUp: {
    name: 'set_last_up',
    text: `
      UPDATE ${table} AS target SET last_up_ms = seen.at
      FROM unnest($1::integer[], $2::bigint[]) AS seen (id, at)
      WHERE target.id = seen.id AND target.last_up_ms < seen.at`,
  },
  seenRunning: {
    name: 'seen_running',
    text: `SELECT name FROM ${table} WHERE last_up_ms >= $1 ORDER BY name COLLATE "C"`,
  },
} as const;

export function openTargets(database: Database): TargetIds {
  const remembered = new Map<string, number>();

  async function lookUp(names: readonly string[]): Promise<readonly string[]> {
    if (names.length === 0) return [];
    if (remembered.size + names.length > MAX_REMEMBERED) remembered.clear();
    const { rows } = await database.run(statements.lookUp, [names]);
    for (const row of rows) remembered.set(textAt(row, 0), numberAt(row, 1));
    return names.filter((name) => !remembered.has(name));
  }

  return {
    async idsOf(names) {
      const wanted = [...new Set(names)];
      // In one order, so that two writers never wait for each other in a circle.
      const unknown = await lookUp(wanted.filter((name) => !remembered.has(name)).sort());
      if (unknown.length > 0) {
        await database.run(statements.add, [unknown]);
        await lookUp(unknown);
      }
      return pick(remembered, wanted);
    },
    async find(name) {
      const [row] = (await database.run(statements.find, [name])).rows;
      return row === undefined ? 0 : numberAt(row, 0);
    },
    names: async (limit) => (await database.run(statements.names, [limit])).rows.map((row) => textAt(row, 0)),
    page: async (afterId, limit) =>
      (await database.run(statements.page, [afterId, limit])).rows.map((row) => numberAt(row, 0)),
    async setLastUp(sql, lastUp) {
      if (lastUp.size === 0) return;
      const sorted = [...lastUp].sort(([a], [b]) => a - b);
      const columns = [sorted.map(([id]) => id), sorted.map(([, at]) => at)];
      await sql.run(statements.setLastUp, columns.map(numberArray));
    },
    seenRunning: async (sinceMs) =>
      (await database.run(statements.seenRunning, [sinceMs])).rows.map((row) => textAt(row, 0)),
    async forget(ids, tables) {
      // Scalar subqueries are looked up one by one; an anti-join could read all of the tables.
      const none = tables.map((name) => `(SELECT 1 FROM ${name} WHERE target = targets.id LIMIT 1) IS NULL`);
      const text = `DELETE FROM ${table} WHERE id = ANY ($1::integer[]) AND ${none.join(' AND ')} RETURNING name`;
      const { rows } = await database.run({ name: 'forget_targets', text }, [numberArray(ids)]);
      for (const row of rows) remembered.delete(textAt(row, 0));
    },
  };
}

function pick(remembered: ReadonlyMap<string, number>, names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    names.flatMap((name) => {
      const id = remembered.get(name);
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}
