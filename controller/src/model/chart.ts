import type { MetricName, Point } from './metrics.ts';

/** The metric that a rule is about. */
export interface BreachedMetric {
  readonly metric: MetricName;
  /** `CPU`. */
  readonly label: string;
  /** `%`, `s`, `MiB`; empty for a count. */
  readonly unit: string;
  /** What a value is multiplied by to be in that unit. */
  readonly factor: number;
  /** In that unit; absent when the rule compares it with no number. */
  readonly threshold?: number | undefined;
}

/** The recent past of a metric that an alert is about. Times in epoch milliseconds. */
export interface Chart {
  readonly label: string;
  readonly unit: string;
  /** Oldest first, in `unit`. */
  readonly points: readonly Point[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly threshold?: number | undefined;
  readonly firingFrom: number;
  /** Absent while it fires. */
  readonly firingTo?: number | undefined;
}
