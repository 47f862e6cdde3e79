import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import type { NodeFacts } from './decode/node.ts';
import { KubeletError } from './failure.ts';
import type { Kubelets, Summary } from './kubelet.ts';
import { MAX_CALLS, MAX_SLOW_CALLS } from './lanes.ts';
import { LONGEST_MS, PATIENCE_MS, type Reading } from './node-look.ts';
import { createNodes, IDLE_MS } from './nodes.ts';

const HANGING_MS = 10_000;

function node(name: string): NodeFacts {
  return {
    name,
    kubelet: { address: '127.0.0.1', port: 1 },
    size: { cpus: 1, memoryBytes: 1 },
    kubeletVersion: '',
    isReady: true,
    notReady: '',
  };
}

/** Nodes that answer at once, apart from those that hang until their call is given up. */
function createWorld(count: number, isHanging: (name: string) => boolean) {
  const clock = createFakeClock();
  const ending = new AbortController();
  const world = { under: 0, most: 0, calls: 0, hangMs: HANGING_MS, fails: true, clockMs: clock.now };
  const summary = async ({ name }: NodeFacts): Promise<Summary> => {
    world.calls += 1;
    world.under += 1;
    world.most = Math.max(world.most, world.under);
    try {
      if (isHanging(name)) {
        await clock.sleep(world.hangMs, ending.signal);
        if (world.fails) throw new KubeletError('timeout', 'it gave no answer in time');
      }
      const readAtNs = BigInt(world.clockMs()) * 1_000_000n;
      return { source: 'kubelet', clockMs: clock.now(), samples: new Map([['a/b/c', { readAtNs }]]) };
    } finally {
      world.under -= 1;
    }
  };
  const kubelets: Kubelets = { summary, close: async () => undefined };
  const nodes = createNodes({ kubelets, clock, signal: ending.signal });
  const names = Array.from({ length: count }, (_unused, index) => `node-${index}`);
  nodes.replace(names.map(node));
  /** One round over all nodes: when each answered, and how. */
  async function round(
    forMs = PATIENCE_MS,
  ): Promise<ReadonlyMap<string, { readonly afterMs: number; readonly kind: Reading['kind'] }>> {
    const began = clock.now();
    const answers = new Map<string, { afterMs: number; kind: Reading['kind'] }>();
    const all = Promise.all(
      names.map(async (name) => {
        const { kind } = await nodes.read(name, began);
        answers.set(name, { afterMs: clock.now() - began, kind });
      }),
    );
    await clock.advance(forMs);
    await all;
    return answers;
  }
  return { clock, nodes, world, round, kubelets };
}

describe('a node that hangs', () => {
  it('delays no other: they are read at once, and the round ends soon', async () => {
    const { round, nodes } = createWorld(200, (name) => name === 'node-7');
    const answers = await round();
    const others = [...answers].filter(([name]) => name !== 'node-7');
    expect(others.every(([, { kind, afterMs }]) => kind === 'summary' && afterMs === 0)).toBe(true);
    expect(answers.get('node-7')).toEqual({ kind: 'failed', afterMs: PATIENCE_MS });
    const said = nodes.statuses().filter(({ reachable }) => !reachable);
    expect(said).toMatchObject([
      { host: 'node-7', reason: 'Timeout', message: 'kubelet: no answer yet after 3000 ms' },
    ]);
  });

  it('is waited for once: while its call runs, looks answer without it', async () => {
    const { round, nodes, clock, world } = createWorld(2, (name) => name === 'node-0');
    await round();
    const before = clock.now();
    expect(await nodes.read('node-0', before)).toMatchObject({ kind: 'failed', error: { fault: 'timeout' } });
    expect(clock.now()).toBe(before);
    expect(world.calls).toBe(2);
    await clock.advance(HANGING_MS);
    await round();
    expect(world.calls).toBe(4);
  });

  it('but answers in the end is read late: by the look after, and never twice at a time', async () => {
    const { round, nodes, clock, world } = createWorld(1, () => true);
    [world.hangMs, world.fails] = [5000, false];
    expect((await round()).get('node-0')?.kind).toBe('failed');
    await clock.advance(2000);
    expect((await nodes.read('node-0', clock.now())).kind).toBe('summary');
    expect(nodes.statuses()[0]).toMatchObject({ reachable: true });
    expect(world).toMatchObject({ calls: 1, most: 1 });
    // What came late is not told for ever.
    await clock.advance(60_000);
    await round();
    expect(world.calls).toBe(2);
  });

  it('does not take the places of the others, even when many hang', async () => {
    const { round, clock, world } = createWorld(400, (name) => Number(name.slice(5)) % 2 === 0);
    await round(LONGEST_MS);
    expect(world.most).toBeLessThanOrEqual(MAX_CALLS);
    await clock.advance(60_000);
    world.most = 0;
    const answers = await round();
    const healthy = [...answers].filter(([name]) => Number(name.slice(5)) % 2 === 1);
    expect(healthy.filter(([, { kind, afterMs }]) => kind !== 'summary' || afterMs > 0)).toEqual([]);
    expect(world.most).toBeLessThanOrEqual(MAX_CALLS + MAX_SLOW_CALLS);
  });
});

describe('a node', () => {
  it('is asked once for all that look at the same time', async () => {
    const { nodes, clock, world } = createWorld(1, () => false);
    await Promise.all(Array.from({ length: 100 }, () => nodes.read('node-0', clock.now())));
    expect(world.calls).toBe(1);
  });

  it('that nobody looks at is asked now and then whether it can be', async () => {
    const { nodes, clock, world } = createWorld(3, () => false);
    await nodes.tend(clock.now());
    expect(nodes.statuses().map(({ reachable }) => reachable)).toEqual([true, true, true]);
    await clock.advance(IDLE_MS - 1);
    await nodes.read('node-0', clock.now());
    await clock.advance(1);
    await nodes.tend(clock.now());
    expect(world.calls).toBe(3 + 1 + 2);
  });

  it('whose newest reading is of long ago is unreachable, for that', async () => {
    const { nodes, clock, world } = createWorld(1, () => false);
    const stoodStillAt = clock.now();
    world.clockMs = () => stoodStillAt;
    expect((await nodes.read('node-0', clock.now())).kind).toBe('summary');
    await clock.advance(121_000);
    expect(await nodes.read('node-0', clock.now())).toMatchObject({ kind: 'failed', error: { fault: 'stale' } });
    expect(nodes.statuses()).toMatchObject([{ reachable: false, reason: 'Stale' }]);
  });

  it('that may not be listed is known by its pods, as long as somebody looks', async () => {
    const { kubelets, clock } = createWorld(0, () => false);
    const nodes = createNodes({ kubelets, clock, signal: new AbortController().signal, areHidden: () => true });
    expect((await nodes.read('node-9', clock.now())).kind).toBe('summary');
    expect(nodes.statuses()).toMatchObject([{ host: 'node-9', reachable: true }]);
    await clock.advance(600_001);
    await nodes.tend(clock.now());
    expect(nodes.statuses()).toEqual([]);
  });

  it('that is not known, or not found yet, is a reason', async () => {
    const { nodes, clock } = createWorld(1, () => false);
    expect(await nodes.read('gone', clock.now())).toMatchObject({ error: { message: 'node gone is not known' } });
    expect(await nodes.read('', clock.now())).toMatchObject({
      error: { message: 'no node has been found for the pod yet' },
    });
  });
});
