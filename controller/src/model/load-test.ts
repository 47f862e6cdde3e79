import type { RunRecord } from './load-run.ts';
import type { LabelSelector } from './policy.ts';
import type { Severity } from './severity.ts';

/** A LoadTest as the runner uses it: parsed, with defaults, a level turned into its stage, times in milliseconds. */
export interface LoadTest {
  /** `namespace/name`. */
  readonly key: string;
  readonly uid: string;
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: certificates are judged by the authorities of the system. */
  readonly tls?: LoadTls | undefined;
  readonly authorization?: LoadAuthorization | undefined;
  readonly timeoutMs: number;
  readonly endpoints: readonly LoadEndpoint[];
  readonly stages: readonly LoadStage[];
  /** Most requests in flight, of all generators together. */
  readonly concurrency: number;
  readonly parallelism: number;
  readonly thresholds: readonly ThresholdSpec[];
  /** Absent: the containers behind the target's host name. */
  readonly watch?: LabelSelector | undefined;
  readonly suspend: boolean;
  /** Absent: kept, or kept by a declaration that would bring it back at once. */
  readonly ttlMs?: number | undefined;
  /** Value of the annotation that asks for another run. */
  readonly rerun?: string | undefined;
  /** Epoch milliseconds since when it is being deleted. */
  readonly deletedAt?: number | undefined;
}

/** How the certificate of an https target is judged. */
export interface LoadTls {
  readonly insecureSkipVerify: boolean;
  /** PEM. */
  readonly ca?: string | undefined;
  readonly serverName?: string | undefined;
}

/** The secret itself is in the environment of the controller only. */
export interface LoadAuthorization {
  readonly kind: 'basic' | 'bearer';
  /** Name of the variable. */
  readonly env: string;
}

export interface LoadEndpoint {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly weight: number;
  /** Before those of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export interface LoadStage {
  readonly durationMs: number;
  /** Requests a second at its end. */
  readonly rate: number;
  /** `ramp` goes there from the rate before, at first from 0. */
  readonly shape: 'ramp' | 'constant';
}

export interface ThresholdSpec {
  readonly name: string;
  readonly expr: string;
  readonly abortOnFail: boolean;
  readonly delayAbortMs: number;
}

/** Times in seconds. */
export interface LoadPercentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What generators have measured, one or many, while they run or in the end. */
export interface LoadSummary {
  readonly requests: number;
  /** Requests a second: of the last second while it runs, of the whole run in the end. */
  readonly rate: number;
  readonly errors: number;
  /** errors / requests; 0 without requests. */
  readonly errorRate: number;
  /** Requests that waited for a free connection. */
  readonly late: number;
  /** From when a request was due. Absent without requests. */
  readonly latency?: LoadPercentiles | undefined;
  /** From when a request was sent. Absent without requests. */
  readonly serviceTime?: LoadPercentiles | undefined;
}

export interface EndpointSummary {
  readonly method: string;
  readonly path: string;
  readonly requests: number;
  readonly errors: number;
  readonly latency?: LoadPercentiles | undefined;
  readonly serviceTime?: LoadPercentiles | undefined;
}

/** What the load did to one container, in percent of what it may use; a part without samples is absent. */
export interface LoadImpact {
  readonly container: string;
  readonly cpu?: Spread | undefined;
  readonly memory?: Spread | undefined;
  readonly restarts?: number | undefined;
}

export interface Spread {
  readonly avg: number;
  readonly max: number;
}

/** An alert that fired while the test ran. */
export interface LoadAlert {
  /** Name of its object. */
  readonly name: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly container: string;
}

/** Everything that thresholds are judged on. */
export interface LoadResult {
  readonly summary?: LoadSummary | undefined;
  readonly endpoints: readonly EndpointSummary[];
  readonly impact: readonly LoadImpact[];
  readonly alerts: readonly LoadAlert[];
  /** Why a generator itself was the bottleneck, so that its times are not the target's; known in the end. */
  readonly doubts?: readonly string[] | undefined;
  /** Its course, once the reports are there. */
  readonly series?: readonly LoadPoint[] | undefined;
}

export interface ThresholdVerdict {
  readonly name: string;
  /** Undefined while it cannot be judged. */
  readonly passed: boolean | undefined;
  /** The values that the expression used, or why it cannot be judged. */
  readonly observed: string;
  /** It speaks of alerts. */
  readonly aboutAlerts: boolean;
}

/** Judges the thresholds of one test, compiled once. */
export type ThresholdJudge = (result: LoadResult) => readonly ThresholdVerdict[];

/** The load that drives a container now. */
export interface LoadOnTarget {
  /** Name of the load test. */
  readonly name: string;
  /** Requests a second. */
  readonly rate: number;
}

/** Read by rules, logs and pages. */
export interface LoadReader {
  /** The load on a container now. */
  on(targetId: string): LoadOnTarget | undefined;
  list(): readonly LoadTestSnapshot[];
}

/** What was measured at one moment of a run. */
export interface LoadPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Requests a second, and how many of them failed. */
  readonly rate: number;
  readonly errors: number;
  readonly latency?: Omit<LoadPercentiles, 'p90'> | undefined;
}

/** Where a load test is; told to readers of the pipeline. */
export interface LoadTestSnapshot {
  readonly namespace: string;
  readonly name: string;
  readonly phase: RunRecord['phase'];
  /** The load is on. */
  readonly running: boolean;
  /** Of the plan, and how long the plan lasts. */
  readonly elapsedSeconds: number;
  readonly durationSeconds: number;
  readonly summary?: LoadSummary | undefined;
}

/** How long the plan lasts. */
export function planDurationMs({ stages }: Pick<LoadTest, 'stages'>): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
