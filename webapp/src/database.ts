/** The application's one table, behind a small port; the adapter for Postgres keeps every wait short. */
import { DatabaseError, Pool } from 'pg';
import type { DatabaseSettings } from './environment.ts';

export interface TestLogCount {
  readonly newRecordId: number;
  readonly totalRecords: number;
}

export interface Database {
  /** Rejects when the database does not answer in time. */
  ping(): Promise<void>;
  /** Inserts one row into `test_logs`, creating the table when it is not there, and counts the rows. */
  addTestLog(message: string): Promise<TestLogCount>;
  close(): Promise<void>;
}

/** A visitor of /health is told within this time that nobody answers at the database's address. */
const CONNECTION_TIMEOUT_MS = 2_000;
/** A hung database may not hold a request (and its connection) longer than this. */
const QUERY_TIMEOUT_MS = 3_000;
/** Fewer than Postgres's default of 100 connections, and enough for 20 concurrent visitors. */
const MAX_CONNECTIONS = 10;
const IDLE_CONNECTION_MS = 30_000;

/** Postgres's code for a table that does not exist. */
const UNDEFINED_TABLE = '42P01';
/** Any number, as long as every webapp uses the same: it makes concurrent creators of the table take turns. */
const CREATE_TABLE_LOCK = 80_001;

// One simple query is one transaction: the lock is held until the table is there.
const CREATE_TABLE = `
  SELECT pg_advisory_xact_lock(${CREATE_TABLE_LOCK});
  CREATE TABLE IF NOT EXISTS test_logs (
    id SERIAL PRIMARY KEY,
    timestamp TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    message TEXT
  )`;

/**
 * @param onIdleError told when a pooled connection that nobody uses breaks; without a listener the process would die of it
 */
export function createPostgresDatabase(settings: DatabaseSettings, onIdleError: (error: Error) => void): Database {
  const pool = new Pool({
    host: settings.host,
    port: settings.port,
    database: settings.name,
    user: settings.user,
    password: settings.password,
    application_name: 'webapp',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
  });
  pool.on('error', onIdleError);
  let closed: Promise<void> | undefined;

  const insert = async (message: string): Promise<number> => {
    const { rows } = await pool.query<{ id: number }>('INSERT INTO test_logs (message) VALUES ($1) RETURNING id', [
      message,
    ]);
    return onlyRow(rows).id;
  };

  return {
    ping: async () => {
      await pool.query('SELECT 1');
    },
    addTestLog: async (message) => {
      let newRecordId: number;
      try {
        newRecordId = await insert(message);
      } catch (error) {
        if (!isUndefinedTable(error)) throw error;
        await pool.query(CREATE_TABLE);
        newRecordId = await insert(message);
      }
      const { rows } = await pool.query<{ total: string }>('SELECT count(*) AS total FROM test_logs');
      return { newRecordId, totalRecords: Number(onlyRow(rows).total) };
    },
    close: () => (closed ??= pool.end()),
  };
}

function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the database answered without a row');
  return row;
}

function isUndefinedTable(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === UNDEFINED_TABLE;
}

/** One line for people: a refused connection comes as an AggregateError with an empty message and one error an address. */
export function describeDatabaseError(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return [...new Set(error.errors.map((cause) => describeDatabaseError(cause)))].join('; ');
  }
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
