import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { buildEpisode } from '../../model/builders.ts';
import type { Sample } from '../../model/metrics.ts';
import type { HistorySeries } from './history.ts';
import { createMemoryHistory } from './memory.ts';
import type { Steps } from './steps.ts';
import type { HistoryStore } from './store.ts';
import { defaultTiers, type Tiers } from './tiers.ts';

/** Where the store under test is: empty at first, and the same place again after it was closed. */
export interface StorePlaceUnderTest {
  empty(): Promise<void>;
  open(tiers: Tiers): Promise<HistoryStore>;
}

/** Seconds stand for hours: raw 40 s, 10 s for 200 s, 50 s for 2000 s. */
const tiers: Tiers = [
  { resolutionMs: 0, keepMs: 40_000 },
  { resolutionMs: 10_000, keepMs: 200_000 },
  { resolutionMs: 50_000, keepMs: 2_000_000 },
];

const start = 1_000_000_000;
const DAY_MS = 86_400_000;

async function finish(steps: Steps): Promise<number> {
  let count = 0;
  while ((await steps.next()).done !== true) count += 1;
  return count;
}

function sample(at: number, cpu: number, targetId = 'web'): Sample {
  return { targetId, at, values: { cpu, up: 1 } };
}

interface StoreContractOptions {
  /** How often the property is tried. */
  readonly numRuns: number;
}

/** What every store of the history does, with the tiers filled and pruned at any time. */
export function storeContract(name: string, place: StorePlaceUnderTest, { numRuns }: StoreContractOptions): void {
  describe(`HistoryStore: ${name}`, () => {
    let store: HistoryStore;

    async function reopen(wanted = tiers): Promise<void> {
      await store.close();
      store = await place.open(wanted);
    }

    async function insertHundred(): Promise<void> {
      for (let n = 0; n < 100; n += 1) await store.insert([sample(start + n * 1000, n)]);
    }

    async function query(at: number, fromMs: number, toMs: number): Promise<HistorySeries> {
      return store.query({ targetId: 'web', metric: 'cpu', fromMs, toMs, maxPoints: 1000 }, at);
    }

    beforeEach(async () => {
      await place.empty();
      store = await place.open(tiers);
    });

    afterEach(async () => {
      await store.close();
    });

    it('answers the same before and after the coarser tiers are filled and the finer ones pruned', async () => {
      await insertHundred();
      const now = start + 150_000;
      const before = await query(now, start, now);
      expect(before.resolutionMs).toBe(10_000);
      await finish(store.rollUp(now));
      expect(await query(now, start, now)).toEqual(before);
      await finish(store.prune(now));
      expect(await query(now, start, now)).toEqual(before);
    });

    it('never prunes what is not yet in the next tier', async () => {
      await insertHundred();
      const now = start + 1_000_000;
      await finish(store.prune(now));
      await finish(store.rollUp(now));
      expect(await query(now, start, now)).toEqual({
        resolutionMs: 50_000,
        points: [
          { at: start, min: 0, mean: 24.5, max: 49 },
          { at: start + 50_000, min: 50, mean: 74.5, max: 99 },
        ],
      });
    });

    it('gives back what was recorded of a target, of each time the finest', async () => {
      await insertHundred();
      const now = start + 120_000;
      await finish(store.rollUp(now));
      await finish(store.prune(now));
      const { samples, resolutionMs } = await store.recorded('web', start, now);
      expect(samples.at(-1)).toEqual({ targetId: '', at: start + 99_000, values: { cpu: 99, up: 1 } });
      expect(samples[0]).toMatchObject({ at: start, values: { up: 1 } });
      expect([0, 10_000, 50_000]).toContain(resolutionMs);
      expect(await store.recorded('nobody', start, now)).toEqual({ targetId: 'nobody', samples: [], resolutionMs: 0 });
    });

    it('skips a long silence in a few steps', async () => {
      await store.insert([sample(start, 1)]);
      await finish(store.rollUp(start + 60_000));
      const later = start + 365 * DAY_MS;
      await store.insert([sample(later - 60_000, 2)]);
      expect(await finish(store.rollUp(later))).toBeLessThan(20);
      expect((await query(later, later - 100_000, later)).points).toMatchObject([{ mean: 2 }]);
    });

    it('rolls up again what comes after the clock was set back', async () => {
      const ahead = start + DAY_MS;
      await store.insert([sample(ahead, 1)]);
      await finish(store.rollUp(ahead + 60_000));
      await finish(store.rollUp(start));
      await insertHundred();
      const now = start + 150_000;
      await finish(store.rollUp(now));
      await finish(store.prune(now));
      expect((await query(now, start, now)).points).toHaveLength(10);
    });

    it('forgets targets of which nothing is left', async () => {
      await store.insert([sample(start, 1, 'short-lived'), sample(start, 1)]);
      const later = start + 3_000_000;
      await finish(store.rollUp(later));
      await finish(store.prune(later));
      expect(await store.seenRunning(0)).toEqual([]);
      await store.insert([sample(later, 1)]);
      expect(await store.seenRunning(0)).toEqual(['web']);
    });

    it('takes a sample twice as once', async () => {
      await store.insert([sample(start, 1)]);
      await store.insert([sample(start, 1)]);
      expect((await query(start, start, start)).points).toHaveLength(1);
    });

    it('goes on after a roll-up that was cut short', async () => {
      await insertHundred();
      const now = start + 150_000;
      const before = await query(now, start, now);
      await store.rollUp(now).next();
      await reopen();
      await finish(store.rollUp(now));
      await finish(store.prune(now));
      expect(await query(now, start, now)).toEqual(before);
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
            await store.close();
            await place.empty();
            store = await place.open(tiers);
            const clock = createFakeClock(start);
            const memory = createMemoryHistory({ clock, tiers });
            for (const { afterMs, value, work } of steps) {
              clock.jump(afterMs);
              const samples = [{ targetId: 'web', at: clock.now(), values: value === undefined ? {} : { cpu: value } }];
              await store.insert(samples);
              memory.append(samples);
              if (work !== 'nothing') await finish(store[work](clock.now()));
            }
            for (const { backMs, maxPoints } of questions) {
              const now = clock.now();
              const request = { targetId: 'web', metric: 'cpu', fromMs: now - backMs, toMs: now, maxPoints } as const;
              const expected = await memory.query(request);
              const answer = await store.query(request, now);
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
        { numRuns },
      );
    }, 60_000);

    it('forgets what happened more than ninety days ago, and the oldest of too many', async () => {
      await reopen(defaultTiers);
      const now = 200 * DAY_MS;
      const target = { targetId: 'local/web', kind: 'restarted' } as const;
      await store.note(
        [
          buildEpisode({ id: 'old', pendingSince: 1, firedAt: 1, resolvedAt: 2 }),
          buildEpisode({ id: 'open', pendingSince: 1, firedAt: 1 }),
          ...Array.from({ length: 20_010 }, (_, index) => {
            const pendingSince = now - DAY_MS + index;
            return buildEpisode({ id: `n${index}`, pendingSince, firedAt: now, resolvedAt: pendingSince });
          }),
        ],
        [
          { ...target, at: 1 },
          { ...target, at: now - DAY_MS },
        ],
      );
      await finish(store.prune(now));
      const left = await store.chronicle.episodes({ fromMs: 0, toMs: now, limit: 30_000 });
      expect(left).toHaveLength(20_000);
      expect(left.at(-1)?.id).toBe('open');
      const marks = await store.chronicle.marks({ targetId: 'local/web', fromMs: 0, toMs: now, limit: 10 });
      expect(marks).toHaveLength(1);
    }, 60_000);
  });
}
