/** Metrics that are sampled, kept in windows and history, and named in rules. */
export const metricNames = [
  'cpu',
  'cpuCores',
  'memory',
  'memoryBytes',
  'networkReceiveRate',
  'networkTransmitRate',
  'diskReadRate',
  'diskWriteRate',
  'processes',
  'restarts',
  'up',
  'latency',
  'httpStatus',
] as const;
export type MetricName = (typeof metricNames)[number];

/** `at` in epoch milliseconds; `latency` in seconds; `up` is 0 or 1; the rest as rules see them. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** One target's readings at one time; a metric without a value is absent. */
export interface Sample {
  readonly targetId: string;
  readonly at: number;
  readonly values: Readonly<Partial<Record<MetricName, number>>>;
}

/** The recent past of one target, for rules over time. */
export interface RecentSamples {
  /** Points with `at > sinceMs`, oldest first. */
  since(metric: MetricName, sinceMs: number): readonly Point[];
}
