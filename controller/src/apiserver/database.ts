import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FoghornError, errorMessage } from '../errors.ts';
import { unavailable } from '../kube/status.ts';

/** Version of the tables below; a newer one is not read. */
const SCHEMA_VERSION = 1;

const tables = `
  CREATE TABLE IF NOT EXISTS objects (
    resource TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (resource, namespace, name)
  );
  CREATE UNIQUE INDEX IF NOT EXISTS objects_by_uid ON objects (uid);
  CREATE TABLE IF NOT EXISTS owners (
    owner_uid TEXT NOT NULL,
    dependent_uid TEXT NOT NULL,
    PRIMARY KEY (owner_uid, dependent_uid)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS owners_by_dependent ON owners (dependent_uid);
  CREATE TABLE IF NOT EXISTS history (
    rv INTEGER PRIMARY KEY,
    resource TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    json TEXT NOT NULL,
    previous TEXT
  );
  CREATE INDEX IF NOT EXISTS history_by_age ON history (at);
  CREATE TABLE IF NOT EXISTS counter (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    rv INTEGER NOT NULL
  );
  INSERT OR IGNORE INTO counter (id, rv) VALUES (1, 1);
`;

/**
 * Opens the file of the object store, making it and its folder, and locks it for this process. Throws FoghornErrors:
 * AlreadyRunning while another process holds it, InvalidConfig when it cannot be used.
 */
export function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    database = new DatabaseSync(file, { timeout: 0 });
    // an exclusive lock held for life; with NORMAL a write survives the death of the process at any point
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    checkVersion(database, file);
    database.exec(tables);
    return database;
  } catch (thrown) {
    database?.close();
    throw openError(thrown, file);
  }
}

/** Runs `work` in one transaction. A full or failing disk is an Unavailable error, and nothing was changed. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK');
    if (sqliteCode(thrown) === undefined) throw thrown;
    throw unavailable(`the object store cannot be written: ${errorMessage(thrown)}`);
  }
}

function checkVersion(database: DatabaseSync, file: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found > SCHEMA_VERSION) {
    throw new FoghornError(
      'InvalidConfig',
      `${file} was written by a newer version: use that version, or another DATA_DIR`,
    );
  }
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

function openError(thrown: unknown, file: string): FoghornError {
  if (thrown instanceof FoghornError) return thrown;
  const code = sqliteCode(thrown);
  if (code === SQLITE_BUSY) {
    const what = `another controller is using ${file}: stop it, or give this one its own DATA_DIR`;
    return new FoghornError('AlreadyRunning', what, { cause: thrown });
  }
  const damaged = code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
  const hint = damaged ? 'it is damaged: move it away and start again' : 'check DATA_DIR, its owner and the disk';
  return new FoghornError('InvalidConfig', `cannot use ${file}: ${errorMessage(thrown)}; ${hint}`, { cause: thrown });
}

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
const PRIMARY_CODE_MASK = 0xff;

function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined;
  return thrown.errcode & PRIMARY_CODE_MASK;
}
