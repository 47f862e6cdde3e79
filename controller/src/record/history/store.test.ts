import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import type { Sample } from '../../model/metrics.ts';
import type { HistorySeries } from './history.ts';
import { createMemoryHistory } from './memory.ts';
import { openStore, type HistoryStore } from './store.ts';
import type { Tiers } from './tiers.ts';

/** Seconds stand for hours: raw 40 s, 10 s for 200 s, 50 s for 2000 s. */
const tiers: Tiers = [
  { resolutionMs: 0, keepMs: 40_000 },
  { resolutionMs: 10_000, keepMs: 200_000 },
  { resolutionMs: 50_000, keepMs: 2_000_000 },
];

let dir: string;
let store: HistoryStore;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foghorn-store-'));
  file = join(dir, 'history.db');
  store = openStore(file, tiers);
});

afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

function finish(steps: Generator<void>): number {
  let count = 0;
  while (steps.next().done !== true) count += 1;
  return count;
}

function sample(at: number, cpu: number, targetId = 'web'): Sample {
  return { targetId, at, values: { cpu, up: 1 } };
}

function query(at: number, fromMs: number, toMs: number, maxPoints = 1000): HistorySeries {
  return store.query({ targetId: 'web', metric: 'cpu', fromMs, toMs, maxPoints }, at);
}

const start = 1_000_000_000;

describe('store', () => {
  it('answers the same before and after the coarser tiers are filled and the finer ones pruned', () => {
    for (let n = 0; n < 100; n += 1) store.insert([sample(start + n * 1000, n)]);
    const now = start + 150_000;
    const before = query(now, start, now);
    expect(before.resolutionMs).toBe(10_000);
    finish(store.rollUp(now));
    expect(query(now, start, now)).toEqual(before);
    finish(store.prune(now));
    expect(query(now, start, now)).toEqual(before);
  });

  it('never prunes what is not yet in the next tier', () => {
    for (let n = 0; n < 100; n += 1) store.insert([sample(start + n * 1000, n)]);
    const now = start + 1_000_000;
    finish(store.prune(now));
    finish(store.rollUp(now));
    expect(query(now, start, now)).toEqual({
      resolutionMs: 50_000,
      points: [
        { at: start, min: 0, mean: 24.5, max: 49 },
        { at: start + 50_000, min: 50, mean: 74.5, max: 99 },
      ],
    });
  });

  it('skips a long silence in a few steps', () => {
    store.insert([sample(start, 1)]);
    finish(store.rollUp(start + 60_000));
    const later = start + 365 * 86_400_000;
    store.insert([sample(later - 60_000, 2)]);
    expect(finish(store.rollUp(later))).toBeLessThan(20);
    expect(query(later, later - 100_000, later).points).toMatchObject([{ mean: 2 }]);
  });

  it('rolls up again what comes after the clock was set back', () => {
    const ahead = start + 86_400_000;
    store.insert([sample(ahead, 1)]);
    finish(store.rollUp(ahead + 60_000));
    finish(store.rollUp(start));
    for (let n = 0; n < 100; n += 1) store.insert([sample(start + n * 1000, n)]);
    const now = start + 150_000;
    finish(store.rollUp(now));
    finish(store.prune(now));
    expect(query(now, start, now).points).toHaveLength(10);
  });

  it('forgets targets of which nothing is left', () => {
    store.insert([sample(start, 1, 'short-lived'), sample(start, 1)]);
    const later = start + 3_000_000;
    finish(store.rollUp(later));
    finish(store.prune(later));
    expect(store.seenRunning(0)).toEqual([]);
  });

  it('goes on after a roll-up that was cut short', () => {
    for (let n = 0; n < 100; n += 1) store.insert([sample(start + n * 1000, n)]);
    const now = start + 150_000;
    const before = query(now, start, now);
    store.rollUp(now).next();
    store.close();
    store = openStore(file, tiers);
    finish(store.rollUp(now));
    finish(store.prune(now));
    expect(query(now, start, now)).toEqual(before);
  });

  it('answers as a plain list of samples does, whenever it is maintained', async () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 1, max: 25_000 }),
      value: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
      work: fc.constantFrom('nothing', 'rollUp', 'prune'),
    });
    const asked = fc.record({
      backMs: fc.integer({ min: 0, max: 1_000_000 }),
      maxPoints: fc.integer({ min: 2, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.array(asked, { minLength: 3 }),
        async (steps, questions) => {
          store.close();
          rmSync(file, { force: true });
          store = openStore(file, tiers);
          const clock = createFakeClock(start);
          const memory = createMemoryHistory({ clock, tiers });
          for (const { afterMs, value, work } of steps) {
            clock.jump(afterMs);
            const samples = [{ targetId: 'web', at: clock.now(), values: value === undefined ? {} : { cpu: value } }];
            store.insert(samples);
            memory.append(samples);
            if (work !== 'nothing') finish(store[work](clock.now()));
          }
          for (const { backMs, maxPoints } of questions) {
            const now = clock.now();
            const request = { targetId: 'web', metric: 'cpu', fromMs: now - backMs, toMs: now, maxPoints } as const;
            const expected = await memory.query(request);
            const answer = store.query(request, now);
            expect(answer.resolutionMs).toBe(expected.resolutionMs);
            expect(answer.points.map(({ at, min, max }) => ({ at, min, max }))).toEqual(
              expected.points.map(({ at, min, max }) => ({ at, min, max })),
            );
            for (const [index, { mean }] of answer.points.entries()) {
              expect(mean).toBeCloseTo(expected.points[index]?.mean ?? Number.NaN, 3);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
