import type { MetricName, Sample } from '../../model/metrics.ts';

/** Where samples live for charts. Full or broken, it costs history only. */
export interface History {
  /** Takes samples into a bounded buffer; written in batches, off the caller's way. */
  append(samples: readonly Sample[]): void;
  query(request: HistoryRequest): Promise<HistorySeries>;
  /** Ids of targets with a sample of `up` = 1 since `sinceMs`: what was seen running before a restart. */
  seenRunning(sinceMs: number): Promise<readonly string[]>;
  /** Writes what is buffered, then closes. Idempotent. */
  close(): Promise<void>;
}

export interface HistoryRequest {
  readonly targetId: string;
  readonly metric: MetricName;
  readonly fromMs: number;
  readonly toMs: number;
  /** At most this many points come back; the tier is chosen to fit. */
  readonly maxPoints: number;
}

export interface HistorySeries {
  /** Width of a point in milliseconds; 0 for raw samples. */
  readonly resolutionMs: number;
  readonly points: readonly HistoryPoint[];
}

/** `at` is the start of the interval. */
export interface HistoryPoint {
  readonly at: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}
