import type { Point } from './metrics.ts';

/** The recent past of the metric that an alert is about. Times in epoch milliseconds. */
export interface Chart {
  /** `CPU`. */
  readonly label: string;
  /** `%`, `s`, `MiB`; empty for a count. */
  readonly unit: string;
  /** Oldest first. */
  readonly points: readonly Point[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly threshold?: number | undefined;
  readonly firingFrom: number;
  /** Absent while it fires. */
  readonly firingTo?: number | undefined;
}
