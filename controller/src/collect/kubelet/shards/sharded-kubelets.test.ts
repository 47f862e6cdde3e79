import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../fake-clock.ts';
import { createSilentLog } from '../../../log.ts';
import { sharedLimits } from '../node-look.ts';
import { createKubeletRuntime } from '../runtime.ts';
import { LEFT_OUT_MS, SILENCE_MS } from './sharded-kubelets.ts';
import { LEADER, simulateShards, simulatedNode, type Mood } from './simulated-shards.ts';

const { signal } = new AbortController();
const nodes = Array.from({ length: 60 }, (_, index) => `node-${index}`);
const INTERVAL_MS = 30_000;
const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];

function createWorld() {
  const clock = createFakeClock();
  const shards = simulateShards(['replica-1', 'replica-2', 'replica-3'], clock);
  async function round(): Promise<readonly string[]> {
    const summaries = Promise.all(nodes.map((node) => shards.kubelets.summary(simulatedNode(node), signal)));
    await clock.advance(SILENCE_MS);
    return (await summaries).flatMap(({ samples }) => [...samples.keys()]);
  }
  return { clock, shards, round };
}

describe('kubelets that replicas share', () => {
  it('are each asked once, by the leader and by members in shares', async () => {
    const { shards, round } = createWorld();
    expect(await round()).toEqual(nodes.map((node) => `shop/${node}/app`));
    expect([...shards.asked.keys()].toSorted()).toEqual([LEADER, 'replica-1', 'replica-2', 'replica-3']);
    expect([...shards.asked.values()].flat().toSorted()).toEqual(nodes.toSorted());
    const counts = new Map([...shards.asked].map(([who, asked]) => [who, asked.length]));
    expect(shards.told.shares).toEqual(counts);
  });

  it('answer everybody who asks for the same node at once', async () => {
    const { clock, shards } = createWorld();
    const asking = Promise.all(
      nodes.flatMap((node) => [1, 2].map(() => shards.kubelets.summary(simulatedNode(node), signal))),
    );
    await clock.advance(1000);
    expect(await asking).toHaveLength(2 * nodes.length);
  });

  it('are told by whole rounds, whatever is looked at in between', async () => {
    const { clock, shards, round } = createWorld();
    await round();
    const before = new Map(shards.told.shares);
    const looking = shards.kubelets.summary(simulatedNode('node-7'), signal);
    await clock.advance(1000);
    await looking;
    expect(shards.told.shares).toEqual(before);
  });

  it.each<[Mood]>([['refused'], ['silent'], ['dying']])('are asked by the leader when a member is %s', async (mood) => {
    const { clock, shards, round } = createWorld();
    await round();
    const share = shards.told.shares.get('replica-2') ?? 0;
    shards.be('replica-2', mood);
    expect(await round()).toHaveLength(nodes.length);
    const left = mood === 'dying' ? share - 1 : share;
    expect(shards.told.failures).toEqual([['replica-2', left]]);
    // for a while it has no share, and then another try
    await round();
    expect(shards.told.shares.has('replica-2')).toBe(false);
    shards.be('replica-2', 'well');
    await clock.advance(LEFT_OUT_MS);
    expect(await round()).toHaveLength(nodes.length);
    expect(shards.told.shares.get('replica-2')).toBe(share);
    expect(shards.told.failures).toHaveLength(1);
  });

  it('move by the share of a member that leaves only', async () => {
    const { shards, round } = createWorld();
    await round();
    const before = new Map(shards.told.shares);
    shards.leave('replica-1');
    await round();
    for (const who of [LEADER, 'replica-2', 'replica-3']) {
      expect(shards.told.shares.get(who)).toBeGreaterThanOrEqual(before.get(who) ?? 0);
    }
    expect(shards.told.shares.has('replica-1')).toBe(false);
  });
});

function pod(node: string): object {
  return {
    metadata: { uid: `uid-${node}`, name: node, namespace: 'shop', creationTimestamp: '2026-11-22T16:00:00Z' },
    spec: { nodeName: node, containers: [{ name: 'app', image: 'app:1' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'app', restartCount: 0, ready: true, state: { running: { startedAt: '2026-11-22T16:00:00Z' } } },
      ],
    },
  };
}

it.each<[Mood]>([['refused'], ['silent'], ['dying']])(
  'no container goes without a reading though a member is %s in the middle of a round',
  async (mood) => {
    const clock = createFakeClock();
    const shards = simulateShards(['replica-1', 'replica-2', 'replica-3'], clock);
    const runtime = createKubeletRuntime({
      cluster: 'kind',
      kubelets: shards.kubelets,
      limits: sharedLimits,
      clock,
      log: createSilentLog(),
      objects: {
        start: () => undefined,
        stop: async () => undefined,
        hasSynced: () => true,
        areNodesHidden: () => false,
        pods: () => nodes.map(pod),
        nodes: () => nodes.map((name) => ({ metadata: { name }, status: { addresses } })),
      },
    });
    const ids = runtime.targets().map(({ id }) => id);
    expect(ids).toHaveLength(nodes.length);
    for (let round = 0; round < 4; round += 1) {
      if (round === 2) shards.be('replica-2', mood);
      const looking = runtime.observe(ids, clock.now());
      // what is asked in one turn of the event loop goes out with the next
      await setImmediate();
      await clock.advance(INTERVAL_MS / 2);
      const seen = await looking;
      expect(seen.filter((one) => one.kind !== 'observed' || one.resources.memoryBytes === undefined)).toEqual([]);
      await clock.advance(INTERVAL_MS / 2);
    }
    expect(shards.told.failures.length).toBeGreaterThan(0);
    await runtime.stop();
  },
);
