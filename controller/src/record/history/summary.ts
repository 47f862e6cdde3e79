/** One metric of one target over an interval; a single sample is a summary of one. */
export interface Summary {
  /** How many samples; the weight of `mean`. */
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export function summaryOf(value: number): Summary {
  return { count: 1, min: value, mean: value, max: value };
}

/** The summary of both together. The mean is held between min and max, which rounding could leave by a hair. */
export function mergeSummaries(a: Summary, b: Summary): Summary {
  const count = a.count + b.count;
  const min = Math.min(a.min, b.min);
  const max = Math.max(a.max, b.max);
  const mean = (a.mean * a.count + b.mean * b.count) / count;
  return { count, min, mean: Math.min(max, Math.max(min, mean)), max };
}

export function mergeInto<Key>(summaries: Map<Key, Summary>, key: Key, summary: Summary): void {
  const known = summaries.get(key);
  summaries.set(key, known === undefined ? summary : mergeSummaries(known, summary));
}
