import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLease } from './lease.ts';
import {
  simulateReplicas,
  type ReplicaShape,
  type SimulatedReplica,
  type SimulatedReplicas,
} from './simulated-replicas.ts';

const exact: ReplicaShape = { rate: 1, offsetMs: 0 };
const LOOK_EVERY_MS = 100;
const half = (): number => 0.5;

async function pass(world: SimulatedReplicas, ms: number): Promise<void> {
  const end = world.elapsedMs() + ms;
  while (world.elapsedMs() < end) {
    await world.advance(Math.min(LOOK_EVERY_MS, end - world.elapsedMs()));
    const holders = world.replicas.filter((replica) => replica.isHeld()).map((replica) => replica.identity());
    expect(holders.length, `${holders.join(' and ')} at ${world.elapsedMs()} ms`).toBeLessThanOrEqual(1);
  }
}

async function pair(): Promise<{ world: SimulatedReplicas; leader: SimulatedReplica; other: SimulatedReplica }> {
  const world = simulateReplicas([exact, exact], half);
  world.latency(40);
  const [leader, other] = world.replicas;
  if (leader === undefined || other === undefined) throw new Error('two were asked for');
  leader.start();
  await pass(world, 1000);
  other.start();
  await pass(world, 9000);
  return { world, leader, other };
}

/** How long until it holds the Lease. */
async function wonAfterMs(world: SimulatedReplicas, replica: SimulatedReplica): Promise<number> {
  const from = world.elapsedMs();
  while (!replica.isHeld() && world.elapsedMs() - from < 60_000) await pass(world, LOOK_EVERY_MS);
  return world.elapsedMs() - from;
}

describe('an election', () => {
  it('is won by the first, who keeps it', async () => {
    const { world, leader } = await pair();
    await pass(world, 120_000);
    expect(leader.isHeld()).toBe(true);
    expect(world.elected).toEqual(['foghorn-0_1']);
    const lease = world.lease();
    expect(lease && decodeLease(lease)).toMatchObject({
      holder: 'foghorn-0_1',
      transitions: 0,
      url: 'http://foghorn-0:8001',
    });
  });

  it('is won by one of those who start at the same instant', async () => {
    const world = simulateReplicas([exact, exact, exact], Math.random);
    world.latency(40);
    for (const replica of world.replicas) replica.start();
    await pass(world, 60_000);
    expect(world.elected).toHaveLength(1);
  });

  it('goes to another within 16.5 s when its leader is killed', async () => {
    const { world, leader, other } = await pair();
    leader.kill();
    expect(await wonAfterMs(world, other)).toBeLessThan(16_500);
  });

  it('goes to another within two seconds when its leader stops in order', async () => {
    const { world, leader, other } = await pair();
    const stopped = leader.stop();
    expect(await wonAfterMs(world, other)).toBeLessThan(2000);
    await stopped;
    expect(world.lost).toEqual([]);
  });

  it.each([5000, 14_000, 16_000, 60_000])('is not held by one that stood still for %d ms', async (ms) => {
    const { world, leader, other } = await pair();
    leader.freeze();
    await pass(world, ms);
    const identity = leader.identity();
    leader.thaw();
    await pass(world, 30_000);
    const isShort = ms < 8000;
    expect(leader.isHeld()).toBe(isShort);
    expect(other.isHeld()).toBe(!isShort);
    expect(world.lost).toEqual(isShort ? [] : [identity]);
  });

  it('is lost by one that is cut off from the API server, before another has it', async () => {
    const { world, leader, other } = await pair();
    leader.cut();
    await pass(world, 10_100);
    expect(world.lost).toEqual(['foghorn-0_1']);
    expect(leader.isHeld() || other.isHeld()).toBe(false);
    expect(await wonAfterMs(world, other)).toBeLessThan(6500);
  });

  it('goes on when one answer is lost, though the renewal was made', async () => {
    const { world, leader } = await pair();
    world.latency(0);
    await pass(world, 2000);
    leader.cut();
    await pass(world, 2500);
    leader.mend();
    await pass(world, 60_000);
    expect(leader.isHeld()).toBe(true);
    expect(world.lost).toEqual([]);
  });

  it('goes on with its leader when the Lease is deleted', async () => {
    const { world, leader } = await pair();
    world.deleteLease();
    await pass(world, 60_000);
    expect(leader.isHeld()).toBe(true);
    expect(world.elected).toHaveLength(1);
  });

  it('is lost by a leader who finds that another came and went', async () => {
    const { world, leader, other } = await pair();
    leader.freeze();
    await pass(world, 20_000);
    expect(other.isHeld()).toBe(true);
    const stopped = other.stop();
    await pass(world, 2000);
    await stopped;
    leader.thaw();
    await pass(world, 5000);
    expect(world.lost).toEqual(['foghorn-0_1']);
  });
});

interface Move {
  readonly afterMs: number;
  readonly replica: number;
  readonly act: 'freeze' | 'thaw' | 'cut' | 'mend' | 'kill' | 'start' | 'stop' | 'step' | 'slow' | 'fast';
  readonly ms: number;
}

const REPLICAS = 3;
/** On a busy machine fewer courses are tried. */
const LONGEST_MS = 30_000;
/** 15 s of the fastest must not be shorter than 10 s of the slowest: that is what the rest of the lease is for. */
const shapes = fc.array(
  fc.record({ rate: fc.double({ min: 0.85, max: 1.15, noNaN: true }), offsetMs: fc.integer({ min: -1e9, max: 1e9 }) }),
  { minLength: REPLICAS, maxLength: REPLICAS },
);
const moves = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 12_000 }),
    replica: fc.nat({ max: REPLICAS - 1 }),
    act: fc.constantFrom('freeze', 'thaw', 'cut', 'mend', 'kill', 'start', 'stop', 'step', 'slow', 'fast'),
    ms: fc.integer({ min: 0, max: 8000 }),
  }),
  { maxLength: 15 },
);

function make(world: SimulatedReplicas, { replica: index, act, ms }: Move): void {
  const replica = world.replicas[index];
  if (act === 'slow') world.latency(ms);
  else if (act === 'fast') world.latency(40);
  else if (act === 'step') replica?.step(ms * 1000 - 4_000_000);
  else if (act === 'stop') void replica?.stop();
  else replica?.[act]();
}

/** Small numbers in, well mixed ones out (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('whatever happens to the replicas', () => {
  it('no two hold the Lease at one time, and one does once all is well', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(shapes, moves, fc.integer(), async (shape, all, seed) => {
        const world = simulateReplicas(shape, createRandom(seed));
        world.latency(40);
        for (const replica of world.replicas) replica.start();
        for (const move of all) {
          await pass(world, move.afterMs);
          make(world, move);
        }
        world.latency(40);
        for (const replica of world.replicas) {
          replica.thaw();
          replica.mend();
        }
        await pass(world, 12_000);
        for (const replica of world.replicas) replica.start();
        await pass(world, 40_000);
        expect(world.replicas.filter((replica) => replica.isHeld())).toHaveLength(1);
      }),
      { numRuns: 60, interruptAfterTimeLimit: LONGEST_MS, markInterruptAsFailure: false },
    );
  });
});
