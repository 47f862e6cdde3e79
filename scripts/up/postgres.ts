import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { postgresDirectory, runDirectory } from './places.ts';
import { ensureCluster, type Cluster } from './postgres-cluster.ts';
import { findRunning, isProcess, logFileOf, pidFileOf, readIfThere, startDetached, stopProcess } from './processes.ts';
import { SetupError } from './setup-error.ts';

export interface PostgresConnection {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export const POSTGRES_NAME = 'postgres-db';
/** In the command line of the server, and of no other one. */
const mark = postgresDirectory;
const portFile = resolve(runDirectory, `${POSTGRES_NAME}.port`);
const lockFile = resolve(postgresDirectory, 'postmaster.pid');
const START_TIMEOUT_MS = 30_000;
const STALE_LOCK_WAIT_MS = 3_000;
const POLL_EVERY_MS = 100;
/** SQLSTATE of a database that exists already. */
const DUPLICATE_DATABASE = '42P04';
/** SQLSTATE of a server that takes no sessions yet. */
const CANNOT_CONNECT_NOW = '57P03';

/** Starts the database of this folder, or takes over one that still runs, and makes sure that `database` is in it. */
export async function startPostgres(database: string): Promise<PostgresConnection> {
  const running = await adoptRunning();
  const cluster = await ensureCluster();
  const port = running ?? (await startServer(cluster));
  const connection = { port, user: cluster.user, password: cluster.password, database };
  await ensureDatabase(connection);
  return connection;
}

/** @returns whether it was running */
export async function stopPostgres(): Promise<boolean> {
  await adoptRunning();
  // SIGINT is the server's fast stop: it ends the sessions and writes everything down.
  return stopProcess(POSTGRES_NAME, mark, 'SIGINT');
}

export async function isPostgresRunning(): Promise<boolean> {
  return (await findRunning(POSTGRES_NAME, mark)) !== undefined;
}

/** The port of a server that runs already; one whose starter was killed gets its pid file again. */
async function adoptRunning(): Promise<number | undefined> {
  // Lines of the lock file: 1 is the pid, 4 the port.
  const lines = (await readIfThere(lockFile)).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!(await isProcess(pid, mark)) || !(port > 0)) {
    if (pid > 1) await clearStaleLock(pid);
    return undefined;
  }
  await mkdir(runDirectory, { recursive: true });
  await writeFile(pidFileOf(POSTGRES_NAME), `${pid}\n`);
  return port;
}

/**
 * A new server refuses to start while the pid of a killed one is in use: by the dead process until its parent has
 * noticed, or by a stranger. The children of a killed server end at once, long before the lock is removed here.
 */
async function clearStaleLock(pid: number): Promise<void> {
  const deadline = performance.now() + STALE_LOCK_WAIT_MS;
  while (existsSync(`/proc/${pid}`) && performance.now() < deadline) await sleep(POLL_EVERY_MS);
  await rm(lockFile, { force: true });
}

async function startServer(cluster: Cluster): Promise<number> {
  const port = await choosePort();
  const [command, ...prefixed] = cluster.server;
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  await startDetached({
    name: POSTGRES_NAME,
    command,
    parameters: [...prefixed, '-D', postgresDirectory, ...settings.flatMap((setting) => ['-c', setting])],
    env: { ...process.env, LC_ALL: 'C' },
  });
  await writeFile(portFile, `${port}\n`);
  return port;
}

/** The port of the last start, so that an application that still runs finds its database again; else a free one. */
async function choosePort(): Promise<number> {
  const last = Number(await readIfThere(portFile));
  return (await listenOnce(last > 0 ? last : 0)) ?? (await listenOnce(0)) ?? 0;
}

/** The port that was bound, undefined when it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolvePromise) => {
    const server = createServer();
    server.once('error', () => resolvePromise(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolvePromise(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** Waits until the server takes sessions, and creates the database. */
async function ensureDatabase(connection: PostgresConnection): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const problem = await tryToCreateDatabase(connection);
    if (problem === undefined) return;
    if (performance.now() > deadline || !(await isPostgresRunning())) {
      throw new SetupError(`The database does not start: ${problem}`, `its output is in ${logFileOf(POSTGRES_NAME)}`);
    }
    await sleep(POLL_EVERY_MS);
  }
}

/** @returns why not, while that can still pass; @throws SetupError when it cannot */
async function tryToCreateDatabase({
  port,
  user,
  password,
  database,
}: PostgresConnection): Promise<string | undefined> {
  const client = new Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
  // A server that goes away under an idle client is told by the next query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError)) return error instanceof Error ? error.message : String(error);
    if (error.code === DUPLICATE_DATABASE) return undefined;
    if (error.code === CANNOT_CONNECT_NOW) return error.message;
    throw new SetupError(
      `The database in data/postgres refuses: ${error.message}`,
      'npm run down -- --volumes removes it, then npm run up -- --local',
    );
  } finally {
    await client.end();
  }
}
