import type { LoadPoint, LoadReader, LoadTestSnapshot } from '../model/load-test.ts';

/** What runs now, for rules, logs and pages. */
export interface LoadBoard extends LoadReader {
  set(key: string, entry: BoardEntry, now: number): void;
  remove(key: string): void;
  /** What was measured while a test ran, oldest first; of its last run, and of one that is long only the end. */
  series(key: string): readonly LoadPoint[];
}

export interface BoardEntry {
  readonly snapshot: LoadTestSnapshot;
  /** Ids of the containers that it drives while it runs. */
  readonly targetIds: readonly string[];
  /** The exact course, which takes the place of what was measured on the way. */
  readonly series?: readonly LoadPoint[] | undefined;
}

/** An hour at a point a second; of how many tests, those that ran last. About 100 bytes a point. */
const MAX_POINTS = 3600;
const MAX_SERIES = 20;

/** Of several tests on one container: the sum of their rates, under the name of the strongest. */
export function createLoadBoard(): LoadBoard {
  const entries = new Map<string, BoardEntry>();
  const series = new Map<string, LoadPoint[]>();

  function measure(key: string, { snapshot }: BoardEntry, now: number): void {
    const before = entries.get(key)?.snapshot;
    if (snapshot.running && before?.running !== true) series.delete(key);
    const points = series.get(key) ?? [];
    const isNews = points.length === 0 || snapshot.elapsedSeconds !== before?.elapsedSeconds;
    const point = isNews ? pointOf(snapshot, before, now) : undefined;
    if (point === undefined) return;
    points.push(point);
    if (points.length > MAX_POINTS) points.shift();
    keepNewest(series, key, points);
  }

  return {
    set(key, entry, now) {
      if (entry.series === undefined || entry.series.length === 0) measure(key, entry, now);
      else keepNewest(series, key, entry.series.slice(-MAX_POINTS));
      entries.set(key, entry);
    },
    remove(key) {
      entries.delete(key);
      series.delete(key);
    },
    series: (key) => series.get(key) ?? [],
    on(targetId) {
      const driving = [...entries.values()]
        .filter(({ snapshot, targetIds }) => snapshot.running && targetIds.includes(targetId))
        .map(({ snapshot }) => ({ name: snapshot.name, rate: snapshot.summary?.rate ?? 0 }))
        .toSorted((a, b) => b.rate - a.rate);
      const [strongest] = driving;
      return strongest && { name: strongest.name, rate: driving.reduce((sum, { rate }) => sum + rate, 0) };
    },
    list: () => [...entries.values()].map(({ snapshot }) => snapshot),
  };
}

function keepNewest(series: Map<string, LoadPoint[]>, key: string, points: LoadPoint[]): void {
  series.delete(key);
  series.set(key, points);
  if (series.size > MAX_SERIES) series.delete(series.keys().next().value ?? '');
}

/** Undefined while nothing is measured. */
function pointOf(
  { running, summary }: LoadTestSnapshot,
  before: LoadTestSnapshot | undefined,
  now: number,
): LoadPoint | undefined {
  if (!running || summary === undefined) return undefined;
  const errors = Math.max(0, summary.errors - (before?.summary?.errors ?? 0));
  return { at: now, rate: summary.rate, errors, latency: summary.latency };
}
