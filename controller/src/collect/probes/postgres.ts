import { Socket } from 'node:net';
import pg from 'pg';
import { errorMessage } from '../../errors.ts';
import type { PostgresProbeSpec } from '../../model/policy.ts';
import { classifyFailure, failure, type ProbeFailure, type ProbeOutcome } from './failure.ts';
import { startStopwatch } from '../../clock.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Connects, runs the query in a read-only transaction, takes the first column of the first row. A new connection each
 * time: one that is kept goes on working when the server accepts no more, after a change of password and after a
 * fail-over. `latencyMs` is the query's time without connecting. Never throws; the connection string is in no message.
 */
export async function probePostgres(spec: PostgresProbeSpec, env: Env, signal: AbortSignal): Promise<ProbeOutcome> {
  const connectionString = env[spec.connectionEnv] ?? '';
  if (connectionString === '') {
    return failed(failure('config', `the environment variable ${spec.connectionEnv} is not set`));
  }
  const socket = new Socket();
  const client = createClient(connectionString, socket);
  if (client === undefined) {
    return failed(failure('config', `${spec.connectionEnv} does not hold a Postgres connection string`));
  }
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await ask(client, spec);
  } catch (error) {
    return failed(signal.aborted ? classifyFailure(signal.reason) : classifyDatabaseFailure(error));
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

function failed(error: ProbeFailure): ProbeOutcome {
  return { up: false, error };
}

/** Undefined when the connection string cannot be read; its parser's error holds it whole, so that it goes no further. */
function createClient(connectionString: string, socket: Socket): pg.Client | undefined {
  if (!/^postgres(ql)?:\/\//.test(connectionString)) return undefined;
  try {
    const client = new pg.Client({
      connectionString,
      stream: () => socket,
      application_name: 'foghorn',
    });
    // Every error also fails the call that is waiting; what comes after that call interests nobody.
    client.on('error', () => undefined);
    return client;
  } catch {
    return undefined;
  }
}

async function ask(client: pg.Client, spec: PostgresProbeSpec): Promise<ProbeOutcome> {
  await client.connect();
  // In the transaction and not at start-up, which PgBouncer refuses.
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(spec.timeoutMs)}`);
  const elapsedMs = startStopwatch();
  const first = await firstValue(client, spec.query);
  const latencyMs = elapsedMs();
  await client.query('ROLLBACK');
  await client.end();
  return { up: true, latencyMs, value: toNumber(first) };
}

/** Text of the first column of the first row. Rows are dropped as they come, so that a large result costs no memory. */
function firstValue(client: pg.Client, text: string): Promise<unknown> {
  // The extended protocol takes one statement only: a query cannot end the read-only transaction and go on.
  const config = { text, queryMode: 'extended', rowMode: 'array', types: { getTypeParser: () => String } };
  return new Promise((resolve, reject) => {
    let rows = 0;
    let first: unknown;
    const query = new pg.Query<unknown[]>(config);
    query.on('row', (row: unknown) => {
      rows += 1;
      if (rows === 1 && Array.isArray(row)) [first] = row;
    });
    query.on('error', reject);
    query.on('end', () => resolve(first));
    client.query(query);
  });
}

function toNumber(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** SQLSTATE classes, https://www.postgresql.org/docs/current/errcodes-appendix.html */
function classifyDatabaseFailure(error: unknown): ProbeFailure {
  if (!(error instanceof pg.DatabaseError)) return classifyClientFailure(error);
  const code = error.code ?? '';
  if (code.startsWith('28')) return failure('config', `the database refused the user name or password (${code})`);
  if (code === '3D000') return failure('config', `the database of the connection string does not exist (${code})`);
  if (code === '57014') return failure('timeout', `the query was cancelled: it took too long (${code})`);
  if (code === '57P01' || code === '57P02') return failure('reset', `the database is shutting down (${code})`);
  if (code === '57P03') return failure('refused', `the database is starting, stopping or recovering (${code})`);
  if (code === '53300') return failure('refused', `the database has no connection left (${code})`);
  return failure('query', `${error.message} (${code})`);
}

/** Errors that pg makes itself carry no code. */
function classifyClientFailure(error: unknown): ProbeFailure {
  const message = errorMessage(error);
  if (message.startsWith('Connection terminated')) {
    return failure('reset', 'the database closed the connection');
  }
  if (/SSL/.test(message))
    return failure('tls', 'the database does not speak TLS, which the connection string asks for');
  if (/^(SASL|SCRAM)|[Pp]assword/.test(message)) {
    return failure('config', 'the password of the connection string is missing or cannot be used');
  }
  return classifyFailure(error);
}
