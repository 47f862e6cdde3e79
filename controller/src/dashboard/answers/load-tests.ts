import type { LoadSummary, LoadTestSnapshot } from '../../model/load-test.ts';
import type { Severity } from '../../model/severity.ts';

/** `GET api/load-tests`, newest first. */
export interface LoadTestsAnswer {
  readonly loadTests: readonly LoadTestSummary[];
  /** Why none can be started; null when they can. */
  readonly unavailable: string | null;
}

export interface LoadTestSummary {
  /** `namespace/name`. */
  readonly key: string;
  readonly phase: LoadTestSnapshot['phase'];
  readonly running: boolean;
  readonly url: string;
  readonly level: string | null;
  readonly elapsedSeconds: number;
  readonly durationSeconds: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Null while it is not finished. */
  readonly succeeded: boolean | null;
  /** `ThresholdsPassed`, `AbortedOnAlert` ..., and in words. */
  readonly reason: string | null;
  readonly message: string | null;
  readonly progress: string | null;
  readonly summary: LoadSummary | null;
  readonly suspended: boolean;
  /** Cron expression. */
  readonly schedule: string | null;
}

/** `GET api/load-test?key=`. */
export interface LoadTestAnswer {
  readonly loadTest: LoadTestSummary;
  readonly yaml: string;
  readonly endpoints: readonly LoadEndpointView[];
  readonly thresholds: readonly LoadThresholdView[];
  readonly impact: readonly LoadImpactView[];
  readonly alerts: readonly {
    readonly name: string;
    readonly rule: string;
    readonly severity: Severity;
    readonly container: string;
  }[];
  /** Why the generator itself may have been what was slow; empty when nothing speaks for that. */
  readonly doubts: readonly string[];
  /** Each second of the run, oldest first; null when its report has none. */
  readonly series: readonly LoadSecond[] | null;
}

export interface LoadEndpointView {
  readonly method: string;
  readonly path: string;
  readonly requests: number;
  readonly errors: number;
  readonly p95Seconds: number | null;
}

export interface LoadThresholdView {
  readonly name: string;
  readonly expr: string;
  readonly passed: boolean | null;
  readonly observed: string;
}

/** What the load did to one container; samples over the time of the run, from the history. */
export interface LoadImpactView {
  readonly container: string;
  /** Null when it is no longer known. */
  readonly target: string | null;
  readonly cpu: { readonly avg: number; readonly max: number } | null;
  readonly memory: { readonly avg: number; readonly max: number } | null;
  readonly restarts: number | null;
  readonly cpuPoints: readonly { readonly at: number; readonly mean: number; readonly max: number }[];
  readonly memoryPoints: readonly { readonly at: number; readonly mean: number; readonly max: number }[];
}

/** One second of load; times in seconds, from when a request was due. */
export interface LoadSecond {
  readonly at: number;
  readonly requests: number;
  readonly errors: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** `GET api/load-tests/samples`. */
export interface LoadSamplesAnswer {
  readonly samples: readonly LoadSample[];
}

export interface LoadSample {
  /** `high`; what `POST api/load-tests` {sample} takes. */
  readonly name: string;
  readonly yaml: string;
  /** First comment lines of the file. */
  readonly description: string;
}

/** `POST api/load-tests`: exactly one of `sample` and `yaml`; a sample may be pointed at another address. */
export interface LoadStartRequest {
  readonly sample?: string;
  readonly yaml?: string;
  readonly url?: string;
}

export interface LoadStartedAnswer {
  /** `namespace/name`. */
  readonly key: string;
  /** `rerun`: it was there and finished, and runs again. */
  readonly action: 'created' | 'rerun';
}

/** `POST api/load-tests/stop`: answers `DoneAnswer`. */
export interface LoadStopRequest {
  readonly key: string;
}
