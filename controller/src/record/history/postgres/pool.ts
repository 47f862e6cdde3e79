import { Socket } from 'node:net';
import pg from 'pg';
import { errorMessage } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import type { SqlRow } from './columns.ts';

/** SQL with $1, $2...; with a name it is prepared once a connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

export interface SqlAnswer {
  readonly rows: readonly SqlRow[];
  /** Rows that were read or changed. */
  readonly count: number;
}

/** A value of a parameter; bytes go as they are. */
export type SqlValue = string | number | null | Uint8Array | readonly (string | null)[];

export interface Sql {
  run(statement: Statement, values?: readonly SqlValue[]): Promise<SqlAnswer>;
}

/** A few connections to one database. All calls end: those that hang fail by a timeout. */
export interface Database extends Sql {
  transaction<T>(act: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgres://user:password@host/database */
  readonly url: string;
  readonly readOnly: boolean;
  readonly log: Log;
}

/** One that writes, one that rolls up, two that answer. */
const MAX_CONNECTIONS = 4;
const IDLE_MS = 60_000;
/** A start, and with it a fail-over, waits so long for a database that hangs. */
const CONNECT_TIMEOUT_MS = 3000;
/** The server ends a statement by then... */
const STATEMENT_TIMEOUT_MS = 10_000;
/** ...and if it says nothing, the connection is given up. */
const ANSWER_TIMEOUT_MS = 12_000;
const LOCK_TIMEOUT_MS = 5000;

/**
 * Set by statements and not at start-up, which PgBouncer refuses. A crash of the server may take the last second of
 * charts, for which no commit waits for its disk. Names are looked up in our schema only by being written out.
 */
const SESSION = `
  SET statement_timeout = ${STATEMENT_TIMEOUT_MS};
  SET lock_timeout = ${LOCK_TIMEOUT_MS};
  SET idle_in_transaction_session_timeout = ${ANSWER_TIMEOUT_MS};
  SET synchronous_commit = off;
  SET search_path = pg_catalog;
  SET bytea_output = 'hex';
  SET jit = off;
`;

/** Connects when it is first asked. */
export function openDatabase({ url, readOnly, log }: DatabaseOptions): Database {
  const sockets = new Set<Socket>();
  const session = readOnly ? `${SESSION} SET default_transaction_read_only = on;` : SESSION;
  // The pool waits for what this returns, which its types do not say; when it fails, so does the connection.
  const prepared = { onConnect: (client: pg.ClientBase) => client.query(session) };
  const pool = new pg.Pool({
    ...prepared,
    connectionString: url,
    stream: () => tracked(sockets),
    application_name: 'foghorn',
    max: MAX_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  // Of a connection that nobody uses; the next statement opens another.
  pool.on('error', (error) => log.debug({ error: errorMessage(error) }, 'an idle history connection broke'));
  return {
    run: (statement, values) => runOn(pool, statement, values),
    transaction: (act) => runTransaction(pool, act),
    async close() {
      // What hangs or broke is not waited for.
      if (pool.idleCount < pool.totalCount) for (const socket of sockets) socket.destroy();
      await pool.end();
    },
  };
}

function tracked(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  return socket;
}

async function runOn(
  client: pg.Pool | pg.PoolClient,
  { name, text }: Statement,
  values: readonly SqlValue[] = [],
): Promise<SqlAnswer> {
  const { rows, rowCount } = await client.query<unknown[]>({
    ...(name !== undefined && { name }),
    text,
    values: [...values],
    rowMode: 'array',
  });
  return { rows, count: rowCount ?? rows.length };
}

function ignore(): void {
  // The next statement fails with it.
}

async function runTransaction<T>(pool: pg.Pool, act: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // An error between two statements fails the next one; without a listener it would end the process.
  client.on('error', ignore);
  let isBroken = true;
  try {
    await client.query('BEGIN');
    const value = await act({ run: (statement, values) => runOn(client, statement, values) });
    await client.query('COMMIT');
    isBroken = false;
    return value;
  } finally {
    client.removeListener('error', ignore);
    // With its connection the server forgets what was not committed.
    client.release(isBroken);
  }
}
