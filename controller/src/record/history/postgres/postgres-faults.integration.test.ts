import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../clock.ts';
import { createSilentLog } from '../../../log.ts';
import { createPostgresHistory } from './postgres-history.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { createTestStand, type TestStand } from './test-stand.ts';

const SLOW_MS = 120_000;

let server: TestServer;
let stand: TestStand;

beforeAll(async () => {
  server = await startTestServer(['max_connections=40']);
}, SLOW_MS);
afterAll(() => server.end(), SLOW_MS);

beforeEach(async () => {
  stand = await createTestStand(server);
});
afterEach(() => stand.end());

describe('postgres history in trouble', () => {
  it(
    'keeps samples while the server is gone, says so, and writes them when it is back',
    async () => {
      const history = stand.begin();
      history.append([stand.sample(0)]);
      expect(await stand.points(history)).toBe(1);
      // What was committed in the last second may be lost in a crash.
      await server.admin('CHECKPOINT');
      await server.stop('immediate');
      try {
        for (let n = 1; n < 100; n += 1) history.append([stand.sample(n)]);
        await stand.until(() => stand.problems.list().length > 0);
        expect(stand.problems.list()).toMatchObject([{ key: 'history', reason: 'Away' }]);
        expect(await stand.points(history)).toBe(0);
      } finally {
        await server.start();
      }
      stand.clock.jump(100_000);
      await stand.until(() => stand.problems.list().length === 0);
      await stand.until(async () => (await stand.points(history)) === 100);
      expect(history.droppedSamples()).toBe(0);
    },
    SLOW_MS,
  );

  it('comes back when its connections are killed', async () => {
    const history = stand.begin();
    history.append([stand.sample(0)]);
    expect(await stand.points(history)).toBe(1);
    await server.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'foghorn'`);
    history.append([stand.sample(1)]);
    await stand.until(async () => (await stand.points(history)) === 2);
    expect(stand.problems.list()).toEqual([]);
  });

  it('keeps the newest samples when the server is away for long, and counts the others', async () => {
    const history = stand.begin({ address: 'postgres://nobody:secret@127.0.0.1:1/none' });
    for (let n = 0; n < 110_000; n += 1) history.append([stand.sample(n)]);
    await stand.until(() => stand.problems.list().length > 0);
    expect(stand.problems.list()).toMatchObject([{ reason: 'Away' }]);
    expect(history.droppedSamples()).toBe(10_000);
  });

  it.each([
    ['a wrong password', () => server.url('postgres', 'postgres', 'wrong-secret'), 'NoAccess', 'the password'],
    ['an unknown user', () => server.url('postgres', 'stranger', 'wrong-secret'), 'NoAccess', 'the user'],
    ['a database that is not there', () => server.url('nowhere'), 'NoAccess', 'no such database'],
    ['a server that is not there', () => 'postgres://a:wrong-secret@127.0.0.1:1/x', 'Away', 'no answer (ECONNREFUSED)'],
    ['a host that is not there', () => 'postgres://a:wrong-secret@nowhere.invalid/x', 'Away', 'no answer'],
  ])('says what to do about %s, without the password', async (_, address, reason, text) => {
    const history = stand.begin({ address: address() });
    history.append([stand.sample(0)]);
    await stand.until(() => stand.problems.list().length > 0);
    const [problem] = stand.problems.list();
    expect(problem).toMatchObject({ key: 'history', reason });
    expect(problem?.message).toContain(text);
    expect(problem?.message).toContain('alerts go on');
    expect(problem?.message).not.toMatch(/wrong-secret|p@ss|p%40ss/);
    expect(await history.seenRunning(0)).toEqual([]);
  });

  it('says that the disk of the server is full, and goes on when there is room', async () => {
    const history = stand.begin();
    expect(await stand.points(history)).toBe(0);
    await stand.administer(`
      CREATE FUNCTION public.no_space() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$;
      CREATE TRIGGER no_space BEFORE INSERT ON foghorn.samples_0 FOR EACH ROW EXECUTE FUNCTION public.no_space()`);
    history.append([stand.sample(0)]);
    await stand.until(() => stand.problems.list().length > 0);
    expect(stand.problems.list()).toMatchObject([{ reason: 'DiskFull' }]);
    await stand.administer('DROP FUNCTION public.no_space() CASCADE');
    await stand.until(async () => (await stand.points(history)) === 1);
    expect(stand.problems.list()).toEqual([]);
  });

  it.each([[false], [true]])('refuses the schema of a newer version (only reading: %s)', async (readOnly) => {
    await stand.begin().close();
    await stand.administer('INSERT INTO foghorn.migrations (version) VALUES (99)');
    const history = stand.begin({ readOnly });
    history.append([stand.sample(0)]);
    expect(await stand.points(history)).toBe(0);
    expect(stand.problems.list()).toMatchObject([{ reason: 'Incompatible' }]);
    expect(stand.problems.list()[0]?.message).toContain('version 99');
    await stand.administer('DELETE FROM foghorn.migrations WHERE version = 99');
    await stand.until(() => stand.problems.list().length === 0);
  });

  it('refuses a database that is not in UTF-8', async () => {
    const address = await server.createDatabase("ENCODING 'LATIN1' TEMPLATE template0");
    expect(await stand.points(stand.begin({ address }))).toBe(0);
    expect(stand.problems.list()).toMatchObject([{ reason: 'Incompatible' }]);
    expect(stand.problems.list()[0]?.message).toContain("ENCODING 'UTF8'");
  });

  it('makes its schema anew when somebody drops it', async () => {
    const history = stand.begin();
    history.append([stand.sample(0)]);
    expect(await stand.points(history)).toBe(1);
    await stand.administer('DROP SCHEMA foghorn CASCADE');
    history.append([stand.sample(1)]);
    await stand.until(async () => (await stand.points(history)) === 1);
  });

  it('needs no more than a schema of its own', async () => {
    const name = stand.url.slice(stand.url.lastIndexOf('/') + 1);
    await server.admin(`CREATE ROLE charts_${name} LOGIN PASSWORD 'of charts'`);
    await server.admin(`REVOKE CREATE ON DATABASE ${name} FROM PUBLIC`);
    const address = server.url(name, `charts_${name}`, 'of charts');
    const history = stand.begin({ address });
    expect(await stand.points(history)).toBe(0);
    expect(stand.problems.list()).toMatchObject([{ reason: 'NoAccess' }]);
    await stand.administer(`CREATE SCHEMA foghorn AUTHORIZATION charts_${name}`);
    history.append([stand.sample(0)]);
    await stand.until(async () => (await stand.points(history)) === 1);
    expect(stand.problems.list()).toEqual([]);
  });

  it(
    'says that somebody locks its tables, and goes on after that',
    async () => {
      const history = stand.begin();
      expect(await stand.points(history)).toBe(0);
      const other = new pg.Client({ connectionString: stand.url });
      await other.connect();
      await other.query('BEGIN; LOCK TABLE foghorn.targets IN ACCESS EXCLUSIVE MODE');
      history.append([stand.sample(0)]);
      expect(await stand.points(history)).toBe(0);
      expect(stand.problems.list()).toMatchObject([{ reason: 'Locked' }]);
      await other.end();
      await stand.until(async () => (await stand.points(history)) === 1);
      expect(stand.problems.list()).toEqual([]);
    },
    SLOW_MS,
  );

  it('closes while the server hangs', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const history = createPostgresHistory({
      url: `postgres://nobody:secret@127.0.0.1:${port}/none`,
      clock: systemClock,
      problems: stand.problems,
      log: createSilentLog(),
    });
    history.append([stand.sample(0)]);
    await expect(history.close()).resolves.toBeUndefined();
    silent.close();
  });

  it('answers nothing, and says so, while the server hangs', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const history = stand.begin({ address: `postgres://nobody:secret@127.0.0.1:${port}/none` });
    expect(await stand.points(history)).toBe(0);
    expect(stand.problems.list()).toMatchObject([{ reason: 'Away' }]);
    silent.close();
  });
});
