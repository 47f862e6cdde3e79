import { afterEach, describe, expect, it } from 'vitest';
import type { FakeClock } from '../../fake-clock.ts';
import type { Sample } from '../../model/metrics.ts';
import type { History, HistoryRequest } from './history.ts';

export interface HistoryUnderTest {
  readonly history: History;
  /** The history runs on it; stands at the full hour to begin with. */
  readonly clock: FakeClock;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const web = 'local/shop/web/1';

/** What every History does; it must keep the default tiers and at least 10,000 samples of a target. */
export function historyContract(name: string, make: () => Promise<HistoryUnderTest>): void {
  describe(`History: ${name}`, () => {
    let open: History[] = [];

    async function begin(): Promise<HistoryUnderTest & { readonly start: number }> {
      const made = await make();
      open.push(made.history);
      return { ...made, start: made.clock.now() };
    }

    afterEach(async () => {
      await Promise.all(open.map((history) => history.close()));
      open = [];
    });

    it('gives back samples as they came, at once', async () => {
      const { history, clock, start } = await begin();
      history.append([
        sample(start, { cpu: 45.2, latency: 0.234, restarts: 3 }),
        sample(start, { cpu: 1 }, 'local/db'),
      ]);
      await clock.advance(10 * SECOND);
      history.append([sample(start + 10 * SECOND, { cpu: 85.2 })]);
      expect(await history.query(request('cpu', start, start + 10 * SECOND))).toEqual({
        resolutionMs: 0,
        points: [
          { at: start, min: 45.2, mean: 45.2, max: 45.2 },
          { at: start + 10 * SECOND, min: 85.2, mean: 85.2, max: 85.2 },
        ],
      });
      expect((await history.query(request('latency', start, start))).points).toMatchObject([{ mean: 0.234 }]);
    });

    it('has no points where there was no value, and none of a target it does not know', async () => {
      const { history, start } = await begin();
      history.append([sample(start, { up: 0 })]);
      expect((await history.query(request('cpu', start - HOUR, start))).points).toEqual([]);
      expect((await history.query({ ...request('up', start - HOUR, start), targetId: 'nobody' })).points).toEqual([]);
      expect((await history.query(request('up', start, start - HOUR))).points).toEqual([]);
    });

    it('takes two looks at the same time, each with the readings of its own policy, as one sample', async () => {
      const { history, start } = await begin();
      history.append([sample(start, { up: 1, latency: 0.2 }), sample(start, { up: 1 })]);
      expect((await history.query(request('latency', start, start))).points).toHaveLength(1);
      expect((await history.query(request('up', start, start))).points).toMatchObject([{ mean: 1 }]);
    });

    it('takes samples that come out of order', async () => {
      const { history, clock, start } = await begin();
      await clock.advance(MINUTE);
      history.append([sample(start + 20 * SECOND, { cpu: 2 })]);
      await clock.advance(10 * SECOND);
      history.append([sample(start + 10 * SECOND, { cpu: 1 })]);
      const { points } = await history.query(request('cpu', start, start + MINUTE));
      expect(points.map((point) => point.mean)).toEqual([1, 2]);
    });

    it('keeps min, mean and max of an interval when samples do not fit, up to the present', async () => {
      const { history, clock, start } = await begin();
      await fill(history, clock, 20 * MINUTE);
      const series = await history.query({ ...request('cpu', start, start + 20 * MINUTE), maxPoints: 30 });
      expect(series.resolutionMs).toBe(MINUTE);
      expect(series.points).toHaveLength(20);
      for (const [index, point] of series.points.entries()) {
        expect(point).toEqual({
          at: start + index * MINUTE,
          min: 6 * index,
          mean: 6 * index + 2.5,
          max: 6 * index + 5,
        });
      }
    });

    it('weighs the mean by the number of samples over all tiers', async () => {
      const { history, clock, start } = await begin();
      for (let n = 0; n < 9; n += 1) history.append([sample(start + n * SECOND, { cpu: 10 })]);
      history.append([sample(start + 30 * MINUTE, { cpu: 100 })]);
      await clock.advance(3 * HOUR);
      const series = await history.query({ ...request('cpu', start, start + 3 * HOUR), maxPoints: 5 });
      expect(series).toEqual({ resolutionMs: HOUR, points: [{ at: start, min: 10, mean: 19, max: 100 }] });
    });

    it.each([1, 2, 7, 100])('never gives more than %d points, whatever the time asked for', async (maxPoints) => {
      const { history, clock, start } = await begin();
      await fill(history, clock, 2 * HOUR);
      for (const span of [MINUTE, HOUR, 2 * HOUR, 1000 * HOUR, start]) {
        const now = clock.now();
        const { points } = await history.query({ ...request('cpu', now - span, now), maxPoints });
        expect(points.length).toBeLessThanOrEqual(maxPoints);
        expect(points.length).toBeGreaterThan(0);
      }
    });

    it('still has the coarse picture when the fine one is past its time', async () => {
      const { history, clock, start } = await begin();
      await fill(history, clock, 10 * MINUTE);
      clock.jump(6 * 24 * HOUR);
      await settle(clock);
      const { resolutionMs, points } = await history.query(request('cpu', start, clock.now()));
      expect(resolutionMs).toBe(10 * MINUTE);
      expect(points).toEqual([{ at: start, min: 0, mean: 29.5, max: 59 }]);
    });

    it('forgets what is older than the last tier', async () => {
      const { history, clock, start } = await begin();
      await fill(history, clock, 10 * MINUTE);
      clock.jump(91 * 24 * HOUR);
      await settle(clock);
      expect((await history.query(request('cpu', start, clock.now()))).points).toEqual([]);
    });

    it('tells which targets were seen running since a time', async () => {
      const { history, clock, start } = await begin();
      history.append([sample(start, { up: 1 }, 'a'), sample(start, { up: 0 }, 'b'), sample(start, { cpu: 1 }, 'c')]);
      await clock.advance(MINUTE);
      history.append([sample(start + MINUTE, { up: 0 }, 'a'), sample(start + MINUTE, { up: 1 }, 'd')]);
      expect(await history.seenRunning(start)).toEqual(['a', 'd']);
      expect(await history.seenRunning(start + 1)).toEqual(['d']);
      expect(await history.seenRunning(start + HOUR)).toEqual([]);
    });

    it('closes twice', async () => {
      const { history, start } = await begin();
      history.append([sample(start, { up: 1 })]);
      await expect(Promise.all([history.close(), history.close()])).resolves.toBeDefined();
    });
  });
}

/** A sample every 10 s with cpu 0, 1, 2 ... */
async function fill(history: History, clock: FakeClock, durationMs: number): Promise<void> {
  const start = clock.now();
  for (let n = 0; n * 10 * SECOND < durationMs; n += 1) {
    history.append([sample(start + n * 10 * SECOND, { cpu: n, up: 1 })]);
    await clock.advance(10 * SECOND);
  }
}

/** Time for what works in the background after a jump. */
async function settle(clock: FakeClock): Promise<void> {
  for (let n = 0; n < 30; n += 1) await clock.advance(SECOND);
}

function sample(at: number, values: Sample['values'], targetId: string = web): Sample {
  return { targetId, at, values };
}

function request(metric: HistoryRequest['metric'], fromMs: number, toMs: number): HistoryRequest {
  return { targetId: web, metric, fromMs, toMs, maxPoints: 1000 };
}
