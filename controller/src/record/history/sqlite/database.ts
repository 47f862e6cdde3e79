import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { FoghornError } from '../../../errors.ts';
import type { Span, StoredRow } from '../series.ts';
import { unitMsOf, type Tier, type Tiers } from '../tiers.ts';
import { createChronicleSchema } from './chronicle-tables.ts';

/** The layout of the file; another number means that another version of the controller wrote it. */
const SCHEMA_VERSION = 1;

/** Pages of the write-ahead log before they go into the file: small, so that no commit takes long. */
const CHECKPOINT_PAGES = 256;

/** The write-ahead log is cut back to this after a burst. */
const WAL_LIMIT_BYTES = 4_000_000;

/** The statements of one tier. `bucket` is a time divided by {@link TierTable.unitMs}. */
export interface TierTable {
  readonly tier: Tier;
  readonly unitMs: number;
  /** target, bucket, data */
  readonly put: StatementSync;
  /** target, first bucket, last bucket -> {bucket, data} in order */
  readonly range: StatementSync;
  /** target, first bucket, last bucket -> {rows} */
  readonly count: StatementSync;
  /** target, least bucket -> {bucket} or {bucket: null} */
  readonly firstFrom: StatementSync;
  /** target, target again, bucket, limit: removes that many of the oldest before the bucket. */
  readonly removeBefore: StatementSync;
}

export interface HistoryDatabase {
  readonly db: DatabaseSync;
  readonly tables: readonly [TierTable, ...TierTable[]];
  transaction<T>(act: () => T): T;
}

/**
 * Opens or makes the file and locks it: a second controller on the same file gets SQLITE_BUSY at once.
 * A row is one target over one interval with all its metrics, which is about ten times smaller than a row a value.
 */
export function openDatabase(file: string, tiers: Tiers): HistoryDatabase {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.exec(`PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`);
    const transaction = <T>(act: () => T): T => runTransaction(db, act);
    transaction(() => createSchema(db, tiers));
    return { db, tables: prepareTiers(db, tiers), transaction };
  } catch (error) {
    db.close();
    throw error;
  }
}

function runTransaction<T>(db: DatabaseSync, act: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = act();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function createSchema(db: DatabaseSync, tiers: Tiers): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version !== 0 && version !== SCHEMA_VERSION) {
    throw new FoghornError('Invalid', `it has layout ${version}, this version reads layout ${SCHEMA_VERSION}`);
  }
  db.exec(`
    CREATE TABLE IF NOT EXISTS targets (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_up_ms INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE IF NOT EXISTS progress (
      resolution_ms INTEGER PRIMARY KEY, rolled_up_to_ms INTEGER NOT NULL
    ) STRICT;
  `);
  for (const tier of tiers) {
    db.exec(`
      CREATE TABLE IF NOT EXISTS ${tableName(tier)} (
        target INTEGER NOT NULL, bucket INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (target, bucket)
      ) STRICT, WITHOUT ROWID;
    `);
  }
  createChronicleSchema(db);
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

function tableName({ resolutionMs }: Tier): string {
  return `samples_${resolutionMs}`;
}

function prepareTiers(db: DatabaseSync, [raw, ...coarser]: Tiers): HistoryDatabase['tables'] {
  return [prepareTier(db, raw), ...coarser.map((tier) => prepareTier(db, tier))];
}

function prepareTier(db: DatabaseSync, tier: Tier): TierTable {
  const table = tableName(tier);
  return {
    tier,
    unitMs: unitMsOf(tier),
    put: db.prepare(`INSERT OR REPLACE INTO ${table} (target, bucket, data) VALUES (?, ?, ?)`),
    range: db.prepare(`SELECT bucket, data FROM ${table} WHERE target = ? AND bucket BETWEEN ? AND ? ORDER BY bucket`),
    count: db.prepare(`SELECT count(*) AS rows FROM ${table} WHERE target = ? AND bucket BETWEEN ? AND ?`),
    firstFrom: db.prepare(`SELECT min(bucket) AS bucket FROM ${table} WHERE target = ? AND bucket >= ?`),
    removeBefore: db.prepare(
      `DELETE FROM ${table} WHERE target = ? AND bucket IN
        (SELECT bucket FROM ${table} WHERE target = ? AND bucket < ? ORDER BY bucket LIMIT ?)`,
    ),
  };
}

/** Rows of `range`, decoded from what SQLite gives. */
export function readRange(table: TierTable, target: number, { fromMs, toMs }: Span): readonly StoredRow[] {
  const first = Math.ceil(fromMs / table.unitMs);
  const last = Math.floor(toMs / table.unitMs);
  const rows: StoredRow[] = [];
  for (const row of table.range.iterate(target, first, last)) {
    const data = row['data'];
    if (data instanceof Uint8Array) rows.push({ at: Number(row['bucket']) * table.unitMs, data });
  }
  return rows;
}

/** Up to when a tier has all that its finer tier has. */
export function readProgress(db: DatabaseSync, { resolutionMs }: Tier): number {
  const row = db.prepare('SELECT rolled_up_to_ms FROM progress WHERE resolution_ms = ?').get(resolutionMs);
  return Number(row?.['rolled_up_to_ms'] ?? 0);
}

export function writeProgress(db: DatabaseSync, { resolutionMs }: Tier, rolledUpToMs: number): void {
  db.prepare('INSERT OR REPLACE INTO progress (resolution_ms, rolled_up_to_ms) VALUES (?, ?)').run(
    resolutionMs,
    rolledUpToMs,
  );
}
