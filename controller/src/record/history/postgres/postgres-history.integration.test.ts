import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStopwatch, systemClock } from '../../../clock.ts';
import { createFakeClock, type FakeClock } from '../../../fake-clock.ts';
import { createSilentLog } from '../../../log.ts';
import { buildEpisode } from '../../../model/builders.ts';
import type { Sample } from '../../../model/metrics.ts';
import { createProblems, type Problems } from '../../../problems.ts';
import { chronicleContract } from '../chronicle-contract.ts';
import { historyContract } from '../history-contract.ts';
import { storeContract } from '../store-contract.ts';
import type { StoredHistory } from '../stored-history.ts';
import { createPostgresHistory } from './postgres-history.ts';
import { openStore } from './store.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const SLOW_MS = 120_000;

let server: TestServer;
let url: string;
let clock: FakeClock;
let problems: Problems;
let start: number;
let open: StoredHistory[] = [];

beforeAll(async () => {
  server = await startTestServer(['max_connections=40']);
}, SLOW_MS);
afterAll(() => server.end(), SLOW_MS);

beforeEach(async () => {
  url = await server.createDatabase();
  clock = createFakeClock();
  start = clock.now();
  problems = createProblems({ clock, log: createSilentLog() });
});

afterEach(async () => {
  await Promise.all(open.map((history) => history.close()));
  open = [];
});

interface Begin {
  readonly address?: string;
  readonly readOnly?: boolean;
}

function begin({ address = url, readOnly = false }: Begin = {}): StoredHistory {
  const history = createPostgresHistory({ url: address, readOnly, clock, problems, log: createSilentLog() });
  open.push(history);
  return history;
}

function sample(secondsAfterStart: number, targetId = 'web', cpu = 1): Sample {
  return { targetId, at: start + secondsAfterStart * 1000, values: { cpu, up: 1 } };
}

async function points(history: StoredHistory, targetId = 'web'): Promise<number> {
  const request = { targetId, metric: 'cpu', fromMs: start, toMs: clock.now(), maxPoints: 20_000 } as const;
  return (await history.query(request)).points.length;
}

/** Lets the clock run until something is so, while the real server does its part. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it does not come: ${JSON.stringify(problems.list())}`);
    await clock.advance(1000);
    await sleep(10);
  }
}

historyContract('postgres', async () => ({ clock, history: begin() }));
chronicleContract('postgres', async () => begin().chronicle);
storeContract(
  'postgres',
  {
    empty: async () => {
      url = await server.createDatabase();
    },
    async open(tiers) {
      const store = await openStore({ url, readOnly: false, tiers, log: createSilentLog() });
      if (store === undefined) throw new TypeError('a writer makes its schema');
      return store;
    },
  },
  { numRuns: 10 },
);

describe('postgres history', () => {
  it('has after a restart what it had before', async () => {
    const before = begin();
    before.append([sample(0), sample(1)]);
    await before.close();
    await clock.advance(1000);
    const after = begin();
    expect(await points(after)).toBe(2);
    expect(await after.seenRunning(start)).toEqual(['web']);
  });

  it('shows a follower what the leader wrote, from a flush on', async () => {
    const leader = begin();
    const follower = begin({ readOnly: true });
    await points(leader);
    leader.append([sample(0)]);
    leader.chronicle.keep(buildEpisode({ id: 'a', pendingSince: start, firedAt: start }));
    await until(async () => (await points(follower)) === 1);
    expect(clock.now() - start).toBeLessThanOrEqual(10_000);
    expect(await follower.chronicle.openEpisodes(10)).toHaveLength(1);
    expect(problems.list()).toEqual([]);
  });

  it('is empty for a follower until a leader made the schema, which no follower does', async () => {
    const follower = begin({ readOnly: true });
    follower.append([sample(0)]);
    follower.chronicle.mark([{ targetId: 'web', at: start, kind: 'crashed' }]);
    expect(await points(follower)).toBe(0);
    await clock.advance(60_000);
    expect(await points(follower)).toBe(0);
    expect(problems.list()).toEqual([]);
    const leader = begin();
    leader.append([sample(1)]);
    expect(await points(leader)).toBe(1);
    await until(async () => (await points(follower)) === 1);
  });

  it('lets several begin at once, and two write the same for a moment', async () => {
    const replicas = Array.from({ length: 5 }, () => begin());
    const samples = Array.from({ length: 300 }, (_, n) => sample(n % 60, `web-${n}`));
    clock.jump(60_000);
    for (const replica of replicas) replica.append(samples);
    expect(await Promise.all(replicas.map((replica) => points(replica, 'web-7')))).toEqual([1, 1, 1, 1, 1]);
    expect(problems.list()).toEqual([]);
    expect(await replicas[0]?.seenRunning(0)).toHaveLength(300);
  });

  it.each([
    ["'; DROP SCHEMA foghorn CASCADE; --"],
    ['zero\0byte'],
    ['half \uD800 a character'],
    [`"{}\\,NULL$1'%s`],
    ['long '.repeat(2000)],
    ['🦊 ünïcode \u202E'],
    [''],
  ])('keeps what is recorded of a target called %j', async (targetId) => {
    const history = begin();
    history.append([sample(0, targetId), sample(0, 'other')]);
    history.chronicle.keep(
      buildEpisode({ id: `${targetId}@1`, target: { ...buildEpisode().target, id: targetId }, message: targetId }),
    );
    history.chronicle.mark([{ targetId, at: start, kind: 'deployed', detail: targetId }]);
    expect(await points(history, targetId)).toBe(1);
    const everything = { targetId, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 10 };
    expect(await history.chronicle.episodes(everything)).toMatchObject([{ id: `${targetId}@1` }]);
    expect(await history.chronicle.marks(everything)).toMatchObject([{ kind: 'deployed' }]);
    expect((await history.recorded(targetId, start, start)).samples).toHaveLength(1);
    expect(problems.list()).toEqual([]);
  });
});

describe('postgres history in trouble', () => {
  it(
    'keeps samples while the server is gone, says so, and writes them when it is back',
    async () => {
      const history = begin();
      history.append([sample(0)]);
      expect(await points(history)).toBe(1);
      // What was committed in the last second may be lost in a crash.
      await server.admin('CHECKPOINT');
      await server.stop('immediate');
      try {
        for (let n = 1; n < 100; n += 1) history.append([sample(n)]);
        await until(() => problems.list().length > 0);
        expect(problems.list()).toMatchObject([{ key: 'history', reason: 'Away' }]);
        expect(await points(history)).toBe(0);
      } finally {
        await server.start();
      }
      clock.jump(100_000);
      await until(() => problems.list().length === 0);
      await until(async () => (await points(history)) === 100);
      expect(history.droppedSamples()).toBe(0);
    },
    SLOW_MS,
  );

  it('comes back when its connections are killed', async () => {
    const history = begin();
    history.append([sample(0)]);
    expect(await points(history)).toBe(1);
    await server.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'foghorn'`);
    history.append([sample(1)]);
    await until(async () => (await points(history)) === 2);
    expect(problems.list()).toEqual([]);
  });

  it('keeps the newest samples when the server is away for long, and counts the others', async () => {
    const history = begin({ address: 'postgres://nobody:secret@127.0.0.1:1/none' });
    for (let n = 0; n < 110_000; n += 1) history.append([sample(n)]);
    await until(() => problems.list().length > 0);
    expect(problems.list()).toMatchObject([{ reason: 'Away' }]);
    expect(history.droppedSamples()).toBe(10_000);
  });

  it.each([
    ['a wrong password', () => server.url('postgres', 'postgres', 'wrong-secret'), 'NoAccess', 'the password'],
    ['an unknown user', () => server.url('postgres', 'stranger', 'wrong-secret'), 'NoAccess', 'the user'],
    ['a database that is not there', () => server.url('nowhere'), 'NoAccess', 'no such database'],
    ['a server that is not there', () => 'postgres://a:wrong-secret@127.0.0.1:1/x', 'Away', 'no answer (ECONNREFUSED)'],
    ['a host that is not there', () => 'postgres://a:wrong-secret@nowhere.invalid/x', 'Away', 'no answer'],
  ])('says what to do about %s, without the password', async (_, address, reason, text) => {
    const history = begin({ address: address() });
    history.append([sample(0)]);
    await until(() => problems.list().length > 0);
    const [problem] = problems.list();
    expect(problem).toMatchObject({ key: 'history', reason });
    expect(problem?.message).toContain(text);
    expect(problem?.message).toContain('alerts go on');
    expect(problem?.message).not.toMatch(/wrong-secret|p@ss|p%40ss/);
    expect(await history.seenRunning(0)).toEqual([]);
  });

  it('says that the disk of the server is full, and goes on when there is room', async () => {
    const history = begin();
    expect(await points(history)).toBe(0);
    await onDatabase(
      url,
      `
      CREATE FUNCTION public.no_space() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$;
      CREATE TRIGGER no_space BEFORE INSERT ON foghorn.samples_0 FOR EACH ROW EXECUTE FUNCTION public.no_space()`,
    );
    history.append([sample(0)]);
    await until(() => problems.list().length > 0);
    expect(problems.list()).toMatchObject([{ reason: 'DiskFull' }]);
    await onDatabase(url, 'DROP FUNCTION public.no_space() CASCADE');
    await until(async () => (await points(history)) === 1);
    expect(problems.list()).toEqual([]);
  });

  it.each([[false], [true]])('refuses the schema of a newer version (only reading: %s)', async (readOnly) => {
    await begin().close();
    await onDatabase(url, 'INSERT INTO foghorn.migrations (version) VALUES (99)');
    const history = begin({ readOnly });
    history.append([sample(0)]);
    expect(await points(history)).toBe(0);
    expect(problems.list()).toMatchObject([{ reason: 'Incompatible' }]);
    expect(problems.list()[0]?.message).toContain('version 99');
    await onDatabase(url, 'DELETE FROM foghorn.migrations WHERE version = 99');
    await until(() => problems.list().length === 0);
  });

  it('refuses a database that is not in UTF-8', async () => {
    const address = await server.createDatabase("ENCODING 'LATIN1' TEMPLATE template0");
    expect(await points(begin({ address }))).toBe(0);
    expect(problems.list()).toMatchObject([{ reason: 'Incompatible' }]);
    expect(problems.list()[0]?.message).toContain("ENCODING 'UTF8'");
  });

  it('makes its schema anew when somebody drops it', async () => {
    const history = begin();
    history.append([sample(0)]);
    expect(await points(history)).toBe(1);
    await onDatabase(url, 'DROP SCHEMA foghorn CASCADE');
    history.append([sample(1)]);
    await until(async () => (await points(history)) === 1);
  });

  it('needs no more than a schema of its own', async () => {
    const name = url.slice(url.lastIndexOf('/') + 1);
    await server.admin(`CREATE ROLE charts_${name} LOGIN PASSWORD 'of charts'`);
    await server.admin(`REVOKE CREATE ON DATABASE ${name} FROM PUBLIC`);
    const address = server.url(name, `charts_${name}`, 'of charts');
    const history = begin({ address });
    expect(await points(history)).toBe(0);
    expect(problems.list()).toMatchObject([{ reason: 'NoAccess' }]);
    await onDatabase(url, `CREATE SCHEMA foghorn AUTHORIZATION charts_${name}`);
    history.append([sample(0)]);
    await until(async () => (await points(history)) === 1);
    expect(problems.list()).toEqual([]);
  });

  it(
    'says that somebody locks its tables, and goes on after that',
    async () => {
      const history = begin();
      expect(await points(history)).toBe(0);
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      await other.query('BEGIN; LOCK TABLE foghorn.targets IN ACCESS EXCLUSIVE MODE');
      history.append([sample(0)]);
      expect(await points(history)).toBe(0);
      expect(problems.list()).toMatchObject([{ reason: 'Locked' }]);
      await other.end();
      await until(async () => (await points(history)) === 1);
      expect(problems.list()).toEqual([]);
    },
    SLOW_MS,
  );

  it('closes within moments while the server hangs', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const history = createPostgresHistory({
      url: `postgres://nobody:secret@127.0.0.1:${port}/none`,
      clock: systemClock,
      problems,
      log: createSilentLog(),
    });
    history.append([sample(0)]);
    const elapsedMs = startStopwatch();
    await history.close();
    expect(elapsedMs()).toBeLessThan(7000);
    silent.close();
  });

  it('answers nothing, and says so, while the server hangs', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const history = begin({ address: `postgres://nobody:secret@127.0.0.1:${port}/none` });
    expect(await points(history)).toBe(0);
    expect(problems.list()).toMatchObject([{ reason: 'Away' }]);
    silent.close();
  });
});

async function onDatabase(address: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
