import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../../log.ts';
import { buildEpisode } from '../../../model/builders.ts';
import { chronicleContract } from '../chronicle-contract.ts';
import { historyContract } from '../history-contract.ts';
import { storeContract } from '../store-contract.ts';
import { openStore } from './store.ts';
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

historyContract('postgres', async () => ({ clock: stand.clock, history: stand.begin() }));
chronicleContract('postgres', async () => stand.begin().chronicle);
let storeUrl = '';
storeContract(
  'postgres',
  {
    empty: async () => {
      storeUrl = await server.createDatabase();
    },
    async open(tiers) {
      const store = await openStore({ url: storeUrl, readOnly: false, tiers, log: createSilentLog() });
      if (store === undefined) throw new TypeError('a writer makes its schema');
      return store;
    },
  },
  { numRuns: 10 },
);

describe('postgres history', () => {
  it('has after a restart what it had before', async () => {
    const before = stand.begin();
    before.append([stand.sample(0), stand.sample(1)]);
    await before.close();
    await stand.clock.advance(1000);
    const after = stand.begin();
    expect(await stand.points(after)).toBe(2);
    expect(await after.seenRunning(stand.start)).toEqual(['web']);
  });

  it('shows a follower what the leader wrote, from a flush on', async () => {
    const leader = stand.begin();
    const follower = stand.begin({ readOnly: true });
    await stand.points(leader);
    leader.append([stand.sample(0)]);
    leader.chronicle.keep(buildEpisode({ id: 'a', pendingSince: stand.start, firedAt: stand.start }));
    await stand.until(async () => (await stand.points(follower)) === 1);
    expect(await follower.chronicle.openEpisodes(10)).toHaveLength(1);
    expect(stand.problems.list()).toEqual([]);
  });

  it('is empty for a follower until a leader made the schema, which no follower does', async () => {
    const follower = stand.begin({ readOnly: true });
    follower.append([stand.sample(0)]);
    follower.chronicle.mark([{ targetId: 'web', at: stand.start, kind: 'crashed' }]);
    expect(await stand.points(follower)).toBe(0);
    await stand.clock.advance(60_000);
    expect(await stand.points(follower)).toBe(0);
    expect(stand.problems.list()).toEqual([]);
    const leader = stand.begin();
    leader.append([stand.sample(1)]);
    expect(await stand.points(leader)).toBe(1);
    await stand.until(async () => (await stand.points(follower)) === 1);
  });

  it('lets several begin at once, and two write the same for a moment', async () => {
    const replicas = Array.from({ length: 5 }, () => stand.begin());
    const samples = Array.from({ length: 300 }, (_, n) => stand.sample(n % 60, `web-${n}`));
    stand.clock.jump(60_000);
    for (const replica of replicas) replica.append(samples);
    expect(await Promise.all(replicas.map((replica) => stand.points(replica, 'web-7')))).toEqual([1, 1, 1, 1, 1]);
    expect(stand.problems.list()).toEqual([]);
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
    const history = stand.begin();
    history.append([stand.sample(0, targetId), stand.sample(0, 'other')]);
    history.chronicle.keep(
      buildEpisode({ id: `${targetId}@1`, target: { ...buildEpisode().target, id: targetId }, message: targetId }),
    );
    history.chronicle.mark([{ targetId, at: stand.start, kind: 'deployed', detail: targetId }]);
    expect(await stand.points(history, targetId)).toBe(1);
    const everything = { targetId, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 10 };
    expect(await history.chronicle.episodes(everything)).toMatchObject([{ id: `${targetId}@1` }]);
    expect(await history.chronicle.marks(everything)).toMatchObject([{ kind: 'deployed' }]);
    expect((await history.recorded(targetId, stand.start, stand.start)).samples).toHaveLength(1);
    expect(stand.problems.list()).toEqual([]);
  });
});
