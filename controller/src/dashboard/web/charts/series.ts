import type { Bounds } from './time-range.ts';

/** One interval of the history; `at` is its start in epoch milliseconds. */
export interface SeriesPoint {
  readonly at: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** What a chart draws: one metric over a range. */
export interface Series {
  /** Width of a point in milliseconds; 0 for samples as they came. */
  readonly resolutionMs: number;
  readonly points: readonly SeriesPoint[];
}

export const emptySeries: Series = { resolutionMs: 0, points: [] };

/** Four columns of one length: time, mean, lowest, highest; a null breaks the line. */
export interface Columns {
  readonly times: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/** A hole wider than so many usual steps is a time without data, and no line is drawn over it. */
const GAP_STEPS = 3;
/** Of samples as they came a hole shorter than this is never a gap: policies look every 5 to 60 seconds. */
const SHORTEST_GAP_MS = 15_000;

/** The columns of one series, with a null in every hole. */
export function columnsOf({ points, resolutionMs }: Series): Columns {
  const gapMs = Math.max(SHORTEST_GAP_MS, GAP_STEPS * (resolutionMs > 0 ? resolutionMs : usualStep(points)));
  const times: number[] = [];
  const mean: (number | null)[] = [];
  const min: (number | null)[] = [];
  const max: (number | null)[] = [];
  let before: number | undefined;
  for (const point of points) {
    if (before !== undefined && point.at - before > gapMs) {
      times.push(before + (point.at - before) / 2);
      mean.push(null);
      min.push(null);
      max.push(null);
    }
    times.push(point.at);
    mean.push(point.mean);
    min.push(point.min);
    max.push(point.max);
    before = point.at;
  }
  return { times, mean, min, max };
}

/** Median distance of neighbours. */
function usualStep(points: readonly SeriesPoint[]): number {
  const steps = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** Two series of one time axis: each time of either, null where one has no value there. */
export function joined(
  a: Columns,
  b: Columns,
): { readonly times: readonly number[]; readonly a: Column; readonly b: Column } {
  const times = [...new Set([...a.times, ...b.times])].sort((one, other) => one - other);
  return { times, a: valuesAt(a, times), b: valuesAt(b, times) };
}

/** `undefined` means "not measured at this time": the line goes on over it, as a null would not. */
type Column = readonly (number | null | undefined)[];

function valuesAt({ times, mean }: Columns, wanted: readonly number[]): Column {
  const known = new Map(times.map((at, index) => [at, mean[index] ?? null]));
  return wanted.map((at) => known.get(at));
}

/** A series with what was measured since: newer points replace those of the same time, what left the range is dropped. */
export function withTail(series: Series, tail: Series, { fromMs }: Bounds): Series {
  const { resolutionMs } = series;
  const fresh = resolutionMs === 0 ? tail.points : inIntervals(tail.points, resolutionMs);
  const firstFresh = fresh[0]?.at ?? Infinity;
  const kept = series.points.filter(({ at }) => at >= fromMs - resolutionMs && at < firstFresh);
  return { resolutionMs, points: [...kept, ...fresh] };
}

/** Points put together into intervals of one width; means are weighed alike. */
function inIntervals(points: readonly SeriesPoint[], widthMs: number): readonly SeriesPoint[] {
  const groups = Map.groupBy(points, ({ at }) => Math.floor(at / widthMs) * widthMs);
  return [...groups].map(([at, group]) => ({
    at,
    min: Math.min(...group.map(({ min }) => min)),
    mean: group.reduce((sum, { mean }) => sum + mean, 0) / group.length,
    max: Math.max(...group.map(({ max }) => max)),
  }));
}

export interface SeriesSummary {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly last: number;
}

/** For those who do not see the line; undefined without a point. */
export function summaryOf({ points }: Series): SeriesSummary | undefined {
  const last = points.at(-1);
  if (last === undefined) return undefined;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (const point of points) {
    min = Math.min(min, point.min);
    max = Math.max(max, point.max);
    sum += point.mean;
  }
  return { min, max, mean: sum / points.length, last: last.mean };
}
