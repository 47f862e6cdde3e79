import type { MetricName, Point } from '../model/metrics.ts';

/** Rows ordered by time in typed arrays: a column for each metric that was ever seen, NaN where there is no value. */
export interface Ring {
  readonly maxRows: number;
  readonly columns: Map<MetricName, Float64Array>;
  times: Float64Array;
  /** Slot of the oldest row. */
  first: number;
  count: number;
}

/** Rings start with room for this many rows and double as they fill, so that short-lived containers cost little. */
const FIRST_CAPACITY = 16;

export function createRing(maxRows: number): Ring {
  const times = new Float64Array(Math.min(FIRST_CAPACITY, maxRows));
  return { maxRows, columns: new Map(), times, first: 0, count: 0 };
}

/** Time of a row; row 0 is the oldest. NaN outside of the rows. */
export function timeOf(ring: Ring, row: number): number {
  return row >= 0 && row < ring.count ? read(ring.times, slot(ring, row)) : Number.NaN;
}

export function setValue(ring: Ring, row: number, metric: MetricName, value: number): void {
  let column = ring.columns.get(metric);
  if (column === undefined) {
    column = new Float64Array(ring.times.length).fill(Number.NaN);
    ring.columns.set(metric, column);
  }
  column[slot(ring, row)] = value;
}

/** The point of a metric in a row, if it has one there. */
export function pointAt(ring: Ring, column: Float64Array, row: number): Point | undefined {
  const value = read(column, slot(ring, row));
  return Number.isNaN(value) ? undefined : { at: timeOf(ring, row), value };
}

/** Makes an empty row at its place in time and returns its number; the oldest row gives way when the ring is full. */
export function insertRow(ring: Ring, at: number): number {
  if (ring.count === ring.times.length && ring.count < ring.maxRows) grow(ring);
  if (ring.count === ring.times.length) dropOldest(ring);
  let row = ring.count;
  ring.count += 1;
  ring.times[slot(ring, row)] = at;
  for (const column of ring.columns.values()) column[slot(ring, row)] = Number.NaN;
  for (; row > 0 && timeOf(ring, row - 1) > at; row -= 1) swapRows(ring, row, row - 1);
  return row;
}

export function dropOldest(ring: Ring): void {
  ring.first = slot(ring, 1);
  ring.count -= 1;
}

export function dropNewest(ring: Ring): void {
  ring.count -= 1;
}

/** Number of the first row with a time greater than `at`; `count` when there is none. */
export function firstRowAfter(ring: Ring, at: number): number {
  let low = 0;
  let high = ring.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(ring, middle) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function slot(ring: Ring, row: number): number {
  return (ring.first + row) % ring.times.length;
}

function read(column: Float64Array, index: number): number {
  return column[index] ?? Number.NaN;
}

function grow(ring: Ring): void {
  const capacity = ring.times.length;
  const wider = Math.min(capacity * 2, ring.maxRows);
  const widen = (column: Float64Array): Float64Array => {
    const copy = new Float64Array(wider);
    copy.set(column.subarray(ring.first));
    copy.set(column.subarray(0, ring.first), capacity - ring.first);
    return copy;
  };
  ring.times = widen(ring.times);
  for (const [metric, column] of ring.columns) ring.columns.set(metric, widen(column));
  ring.first = 0;
}

function swapRows(ring: Ring, a: number, b: number): void {
  swap(ring.times, slot(ring, a), slot(ring, b));
  for (const column of ring.columns.values()) swap(column, slot(ring, a), slot(ring, b));
}

function swap(column: Float64Array, a: number, b: number): void {
  const kept = read(column, a);
  column[a] = read(column, b);
  column[b] = kept;
}
