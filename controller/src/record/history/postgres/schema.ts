import { FoghornError } from '../../../errors.ts';
import type { Tiers } from '../tiers.ts';
import { numberAt, textAt } from './columns.ts';
import type { Database, Sql } from './pool.ts';

/** Ours, so that the database may be shared. */
export const SCHEMA = 'foghorn';

/** "foghorn" in ASCII: whoever changes the schema holds it for a transaction, so that replicas may start at once. */
const LOCK_KEY = '28832937548935790';

/** Only ever append: a database has taken the first so many of these, each in a transaction of its own. */
const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE ${SCHEMA}.targets (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, last_up_ms bigint NOT NULL DEFAULT 0
    ) WITH (fillfactor = 70)`,
    `CREATE TABLE ${SCHEMA}.progress (resolution_ms bigint PRIMARY KEY, rolled_up_to_ms bigint NOT NULL)`,
    `CREATE TABLE ${SCHEMA}.episodes (
      id text PRIMARY KEY, target text NOT NULL, from_ms bigint NOT NULL, to_ms bigint NOT NULL, data text NOT NULL
    )`,
    `CREATE INDEX episodes_by_time ON ${SCHEMA}.episodes (from_ms)`,
    `CREATE INDEX episodes_by_target ON ${SCHEMA}.episodes (target, from_ms)`,
    `CREATE INDEX episodes_by_end ON ${SCHEMA}.episodes (to_ms)`,
    `CREATE TABLE ${SCHEMA}.marks (
      target text NOT NULL, at_ms bigint NOT NULL, kind text NOT NULL, exit_code integer, detail text,
      PRIMARY KEY (target, at_ms, kind)
    )`,
    `CREATE INDEX marks_by_time ON ${SCHEMA}.marks (at_ms)`,
  ],
];

/** Makes the schema what this version writes. Throws Invalid when it is a newer one, or the database is not in UTF-8. */
export async function migrate(database: Database, tiers: Tiers): Promise<void> {
  await checkEncoding(database);
  while (await database.transaction(migrateOnce));
  await changingSchema(database, async (sql) => {
    for (const { resolutionMs } of tiers) await sql.run({ text: tierTableSql(resolutionMs) });
  });
}

/** Whether somebody made the schema what this version reads. Throws Invalid when it is a newer one. */
export async function isMigrated(database: Database, tiers: Tiers): Promise<boolean> {
  if ((await readVersion(database)) < migrations.length) return false;
  for (const { resolutionMs } of tiers) if (!(await hasTable(database, tierTableName(resolutionMs)))) return false;
  return true;
}

/** Runs `act` in a transaction in which nobody else changes the schema. */
export function changingSchema<T>(database: Database, act: (sql: Sql) => Promise<T>): Promise<T> {
  return database.transaction(async (sql) => {
    await sql.run({ text: `SELECT pg_advisory_xact_lock(${LOCK_KEY})` });
    return act(sql);
  });
}

export function tierTableName(resolutionMs: number): string {
  return `samples_${resolutionMs}`;
}

/** A row is one target over one interval with all its metrics; parts by time are dropped whole. */
function tierTableSql(resolutionMs: number): string {
  return `
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.${tierTableName(resolutionMs)} (
      bucket bigint NOT NULL, target integer NOT NULL, data bytea NOT NULL, PRIMARY KEY (target, bucket)
    ) PARTITION BY RANGE (bucket)`;
}

async function checkEncoding(sql: Sql): Promise<void> {
  const [row] = (await sql.run({ text: 'SHOW server_encoding' })).rows;
  const encoding = row === undefined ? '' : textAt(row, 0);
  if (encoding !== 'UTF8') {
    throw new FoghornError('Invalid', `its encoding is ${encoding}; create a database with ENCODING 'UTF8'`);
  }
}

/** Takes the next migration; false when none is left. */
async function migrateOnce(sql: Sql): Promise<boolean> {
  await sql.run({ text: `SELECT pg_advisory_xact_lock(${LOCK_KEY})` });
  const version = await readVersion(sql);
  const next = migrations[version];
  if (next === undefined) return false;
  if (version === 0) await createSchema(sql);
  for (const text of next) await sql.run({ text });
  await sql.run({ text: `INSERT INTO ${SCHEMA}.migrations (version) VALUES ($1)` }, [version + 1]);
  return true;
}

/** CREATE SCHEMA IF NOT EXISTS asks for the right to create one even where it is there. */
async function createSchema(sql: Sql): Promise<void> {
  const [row] = (await sql.run({ text: `SELECT to_regnamespace('${SCHEMA}')::text` })).rows;
  if (row?.[0] === null) await sql.run({ text: `CREATE SCHEMA ${SCHEMA}` });
  await sql.run({
    text: `CREATE TABLE IF NOT EXISTS ${SCHEMA}.migrations (
      version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
    )`,
  });
}

/** 0 before the first. */
async function readVersion(sql: Sql): Promise<number> {
  if (!(await hasTable(sql, 'migrations'))) return 0;
  const [row] = (await sql.run({ text: `SELECT coalesce(max(version), 0) FROM ${SCHEMA}.migrations` })).rows;
  const version = numberAt(row, 0);
  if (version > migrations.length) {
    throw new FoghornError(
      'Invalid',
      `its schema has version ${version}, this controller knows ${migrations.length}; run the newer controller`,
    );
  }
  return version;
}

async function hasTable(sql: Sql, name: string): Promise<boolean> {
  const [row] = (await sql.run({ text: `SELECT to_regclass('${SCHEMA}.${name}') IS NOT NULL` })).rows;
  return row?.[0] === true;
}
