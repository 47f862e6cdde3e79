import { metricNames, type MetricName, type Point, type RecentSamples, type Sample } from '../model/metrics.ts';
import {
  createRing,
  dropNewest,
  dropOldest,
  firstRowAfter,
  insertRow,
  pointAt,
  setValue,
  timeOf,
  type Ring,
} from './ring.ts';

/** The last hour or so of every target, in memory: what rules over time and sparklines read. */
export interface Windows {
  /** Samples of one target may come slightly out of order; two of the same time are merged. */
  append(sample: Sample): void;
  /** A live view; empty for a target that is not known. */
  recent(targetId: string): RecentSamples;
  /** The last `count` points of a metric, oldest first. */
  sparkline(targetId: string, metric: MetricName, count: number): readonly Point[];
  drop(targetId: string): void;
}

export interface WindowLimits {
  /** Points older than this, seen from the newest of their target, are forgotten. */
  readonly maxAgeMs: number;
  /** Points kept of each target; the oldest go first. */
  readonly maxPoints: number;
}

/** Past this many targets the one that was longest without a sample is forgotten: a cluster of 100,000, and what it lost. */
const MAX_TARGETS = 120_000;

/** Polls of two policies may overtake one another by a deadline; anything older means that the clock was set back. */
const REORDER_TOLERANCE_MS = 30_000;

export function createWindows(limits: WindowLimits): Windows {
  const rings = new Map<string, Ring>();
  return {
    append(sample) {
      const ring = rings.get(sample.targetId) ?? createRing(limits.maxPoints);
      rings.delete(sample.targetId);
      rings.set(sample.targetId, ring);
      appendTo(ring, sample, limits.maxAgeMs);
      const idlest = rings.size > MAX_TARGETS ? rings.keys().next().value : undefined;
      if (idlest !== undefined) rings.delete(idlest);
    },
    recent: (targetId) => ({
      since: (metric, sinceMs) => pointsSince(rings.get(targetId), metric, sinceMs),
    }),
    sparkline: (targetId, metric, count) => lastPoints(rings.get(targetId), metric, count),
    drop(targetId) {
      rings.delete(targetId);
    },
  };
}

function appendTo(ring: Ring, { at, values }: Sample, maxAgeMs: number): void {
  while (timeOf(ring, ring.count - 1) > at + REORDER_TOLERANCE_MS) dropNewest(ring);
  const known = firstRowAfter(ring, at) - 1;
  const row = known >= 0 && timeOf(ring, known) === at ? known : insertRow(ring, at);
  for (const metric of metricNames) {
    const value = values[metric];
    if (value !== undefined) setValue(ring, row, metric, value);
  }
  while (timeOf(ring, 0) < timeOf(ring, ring.count - 1) - maxAgeMs) dropOldest(ring);
}

function pointsSince(ring: Ring | undefined, metric: MetricName, sinceMs: number): readonly Point[] {
  const column = ring?.columns.get(metric);
  const points: Point[] = [];
  if (ring === undefined || column === undefined) return points;
  for (let row = firstRowAfter(ring, sinceMs); row < ring.count; row += 1) {
    const point = pointAt(ring, column, row);
    if (point !== undefined) points.push(point);
  }
  return points;
}

function lastPoints(ring: Ring | undefined, metric: MetricName, count: number): readonly Point[] {
  const column = ring?.columns.get(metric);
  const points: Point[] = [];
  if (ring === undefined || column === undefined) return points;
  for (let row = ring.count - 1; row >= 0 && points.length < count; row -= 1) {
    const point = pointAt(ring, column, row);
    if (point !== undefined) points.push(point);
  }
  return points.toReversed();
}
