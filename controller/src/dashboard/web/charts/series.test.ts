import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, emptySeries, joined, summaryOf, withTail, type Series, type SeriesPoint } from './series.ts';

const point = (at: number, mean: number): SeriesPoint => ({ at, min: mean - 1, mean, max: mean + 1 });
const series = (resolutionMs: number, ...points: readonly (readonly [number, number])[]): Series => ({
  resolutionMs,
  points: points.map(([at, mean]) => point(at, mean)),
});

describe('the columns of a chart', () => {
  it('are as many as the points when there is no hole', () => {
    const { times, mean, min, max } = columnsOf(series(0, [0, 5], [5000, 6], [10_000, 7]));
    expect({ times, mean, min, max }).toEqual({
      times: [0, 5000, 10_000],
      mean: [5, 6, 7],
      min: [4, 5, 6],
      max: [6, 7, 8],
    });
  });

  it('break the line where nothing was measured', () => {
    const { times, mean } = columnsOf(series(60_000, [0, 5], [60_000, 6], [600_000, 7]));
    expect(times).toEqual([0, 60_000, 330_000, 600_000]);
    expect(mean).toEqual([5, 6, null, 7]);
  });

  it('keep the line over one look that failed', () => {
    expect(columnsOf(series(0, [0, 1], [5000, 1], [15_000, 1])).mean).not.toContain(null);
  });

  it('are in order of time and of one length, whatever the holes', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (distances) => {
        let at = 0;
        const points = distances.map((distance) => point((at += distance), 1));
        const { times, mean, min, max } = columnsOf({ resolutionMs: 0, points });
        expect([mean.length, min.length, max.length]).toEqual([times.length, times.length, times.length]);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(mean.filter((value) => value !== null)).toHaveLength(points.length);
      }),
    );
  });

  it('of two series have the times of both', () => {
    const a = columnsOf(series(0, [0, 1], [10, 2]));
    const b = columnsOf(series(0, [5, 3]));
    expect(joined(a, b)).toEqual({ times: [0, 5, 10], a: [1, undefined, 2], b: [undefined, 3, undefined] });
  });
});

describe('what was measured since', () => {
  it('is put behind, and what left the range is dropped', () => {
    const now = withTail(series(0, [0, 1], [5, 2], [10, 3]), series(0, [10, 4], [15, 5]), { fromMs: 5, toMs: 15 });
    expect(now.points.map(({ at, mean }) => [at, mean])).toEqual([
      [5, 2],
      [10, 4],
      [15, 5],
    ]);
  });

  it('is put into intervals of the width of the chart', () => {
    const now = withTail(series(60_000, [0, 1], [60_000, 2]), series(0, [60_000, 4], [90_000, 6], [120_000, 9]), {
      fromMs: 0,
      toMs: 120_000,
    });
    expect(now.points).toEqual([
      point(0, 1),
      { at: 60_000, min: 3, mean: 5, max: 7 },
      { at: 120_000, min: 8, mean: 9, max: 10 },
    ]);
  });

  it('may be nothing', () => {
    expect(withTail(series(0, [7, 1]), emptySeries, { fromMs: 0, toMs: 9 }).points).toEqual([point(7, 1)]);
  });
});

describe('the summary of a chart', () => {
  it('has the lowest, mean, highest and last', () => {
    expect(summaryOf(series(0, [0, 2], [1, 4], [2, 3]))).toEqual({ min: 1, mean: 3, max: 5, last: 3 });
  });

  it('is absent without a point', () => {
    expect(summaryOf(emptySeries)).toBeUndefined();
  });
});
