import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricName, Point, Sample } from '../model/metrics.ts';
import { createWindows } from './window.ts';

const HOUR = 3_600_000;

function sample(at: number, values: Sample['values'], targetId = 'local/web'): Sample {
  return { targetId, at, values };
}

describe('windows', () => {
  it('gives the points after a time, oldest first, without the readings that were missing', () => {
    const windows = createWindows({ maxAgeMs: HOUR, maxPoints: 100 });
    windows.append(sample(1000, { cpu: 1, up: 1 }));
    windows.append(sample(2000, { up: 1 }));
    windows.append(sample(3000, { cpu: 3, up: 0 }));
    expect(windows.recent('local/web').since('cpu', 999)).toEqual([
      { at: 1000, value: 1 },
      { at: 3000, value: 3 },
    ]);
    expect(windows.recent('local/web').since('up', 2000)).toEqual([{ at: 3000, value: 0 }]);
  });

  it('is empty for a target or a metric that was never seen', () => {
    const windows = createWindows({ maxAgeMs: HOUR, maxPoints: 100 });
    expect(windows.recent('nobody').since('cpu', 0)).toEqual([]);
    windows.append(sample(1000, { cpu: 1 }));
    expect(windows.recent('local/web').since('latency', 0)).toEqual([]);
    expect(windows.sparkline('nobody', 'cpu', 10)).toEqual([]);
  });

  it('merges two looks at the same time, each with the readings of its own policy', () => {
    const windows = createWindows({ maxAgeMs: HOUR, maxPoints: 100 });
    windows.append(sample(1000, { cpu: 1, latency: 0.2 }));
    windows.append(sample(1000, { cpu: 1 }));
    expect(windows.recent('local/web').since('latency', 0)).toEqual([{ at: 1000, value: 0.2 }]);
    expect(windows.recent('local/web').since('cpu', 0)).toHaveLength(1);
  });

  it('forgets what lies ahead when the clock is set back', () => {
    const windows = createWindows({ maxAgeMs: HOUR, maxPoints: 100 });
    windows.append(sample(10 * HOUR, { cpu: 99 }));
    windows.append(sample(9 * HOUR, { cpu: 1 }));
    expect(windows.recent('local/web').since('cpu', 0)).toEqual([{ at: 9 * HOUR, value: 1 }]);
  });

  it('drops a target on request', () => {
    const windows = createWindows({ maxAgeMs: HOUR, maxPoints: 100 });
    windows.append(sample(1000, { cpu: 1 }));
    windows.drop('local/web');
    expect(windows.sparkline('local/web', 'cpu', 10)).toEqual([]);
  });

  it('forgets the target that was longest without a sample when there are too many', () => {
    const windows = createWindows({ maxAgeMs: HOUR, maxPoints: 1 });
    for (let n = 0; n < 120_000; n += 1) windows.append(sample(n, { up: 1 }, `target-${n}`));
    windows.append(sample(120_000, { up: 1 }, 'target-0'));
    windows.append(sample(5001, { up: 1 }, 'one-more'));
    expect(windows.sparkline('target-0', 'up', 1)).toHaveLength(1);
    expect(windows.sparkline('target-1', 'up', 1)).toHaveLength(0);
    expect(windows.sparkline('target-2', 'up', 1)).toHaveLength(1);
  });

  it('holds an hour of 30 containers at 10 s in a few megabytes', () => {
    const windows = createWindows({ maxAgeMs: HOUR, maxPoints: 3600 });
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at <= 2 * HOUR; at += 10_000) {
      for (let n = 0; n < 30; n += 1) {
        windows.append(sample(at, { cpu: at, memory: at, memoryBytes: at, up: 1, restarts: 0 }, `target-${n}`));
      }
    }
    expect(windows.sparkline('target-0', 'cpu', 10_000)).toHaveLength(361);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
  });

  it('behaves as a plain sorted list does', () => {
    const metrics: readonly MetricName[] = ['cpu', 'up', 'latency'];
    const step = fc.record({
      forwardMs: fc.integer({ min: -60_000, max: 30_000 }),
      values: fc.dictionary(fc.constantFrom(...metrics), fc.double({ noNaN: true }), { noNullPrototype: true }),
    });
    const limits = fc.record({
      maxAgeMs: fc.integer({ min: 0, max: 300_000 }),
      maxPoints: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 120 }), fc.integer({ max: 400_000 }), (bounds, steps, since) => {
        const windows = createWindows(bounds);
        const model = createModel(bounds);
        let at = 0;
        for (const { forwardMs, values } of steps) {
          at += forwardMs;
          windows.append(sample(at, values));
          model.append(sample(at, values));
        }
        for (const metric of metrics) {
          const expected = model.points(metric);
          expect(windows.recent('local/web').since(metric, since)).toEqual(expected.filter((p) => p.at > since));
          expect(windows.sparkline('local/web', metric, 7)).toEqual(expected.slice(-7));
        }
      }),
    );
  });
});

function createModel({ maxAgeMs, maxPoints }: { maxAgeMs: number; maxPoints: number }) {
  let rows: { at: number; values: Sample['values'] }[] = [];
  return {
    append({ at, values }: Sample): void {
      rows = rows.filter((row) => row.at <= at + 30_000);
      const known = rows.find((row) => row.at === at);
      if (known === undefined) rows = [...rows.slice(rows.length === maxPoints ? 1 : 0), { at, values }];
      else known.values = { ...known.values, ...values };
      rows.sort((a, b) => a.at - b.at);
      const newest = rows.at(-1)?.at ?? 0;
      rows = rows.filter((row) => row.at >= newest - maxAgeMs);
    },
    points(metric: MetricName): Point[] {
      return rows.flatMap(({ at, values }) => {
        const value = values[metric];
        return value === undefined ? [] : [{ at, value }];
      });
    },
  };
}
