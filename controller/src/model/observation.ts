import type { Target } from './target.ts';

/** Docker's container states, and `missing` for an expected container that is not there. */
export const containerStates = ['created', 'running', 'paused', 'restarting', 'exited', 'dead', 'missing'] as const;
export type ContainerState = (typeof containerStates)[number];

export const healthStates = ['none', 'starting', 'healthy', 'unhealthy'] as const;
export type Health = (typeof healthStates)[number];

/** One target at one time, as one look at it saw it. A failed look is an observation too. */
export type Observation = ContainerObservation | UnreachableObservation;

export interface ContainerObservation {
  readonly kind: 'observed';
  /** Epoch milliseconds, the controller's clock. */
  readonly at: number;
  readonly target: Target;
  readonly state: ContainerState;
  /** `none` unless the container runs and has a health check. */
  readonly health: Health;
  /** Epoch milliseconds; absent for what is no container, and for one that is missing. */
  readonly createdAt?: number | undefined;
  /** Epoch milliseconds of `State.StartedAt`, the identity of the run. */
  readonly startedAt?: number | undefined;
  /** Epoch milliseconds; of a container that has ended. */
  readonly finishedAt?: number | undefined;
  readonly exitCode?: number | undefined;
  /** Restarts by the restart policy since it was last started by hand. */
  readonly restarts: number;
  /** When somebody asked for the end that this container is in (stop, kill, recreation). Absent for a crash. */
  readonly stopRequestedAt?: number | undefined;
  readonly resources: Resources;
  /** Recent changes, oldest first, at most {@link MAX_CHANGES}. */
  readonly changes: readonly Change[];
  /** Results of the probes of the policy this observation is for, by probe name. */
  readonly probes: Readonly<Record<string, ProbeResult>>;
  /** Why a reading in `resources` is absent, for people ("first sample of this run"). */
  readonly note?: string | undefined;
}

/** The target could not be looked at: its engine is away, or the call failed or timed out. */
export interface UnreachableObservation {
  readonly kind: 'unreachable';
  readonly at: number;
  readonly target: Target;
  readonly reason: UnreachableReason;
  readonly message: string;
  readonly probes: Readonly<Record<string, ProbeResult>>;
}

export type UnreachableReason = 'HostUnreachable' | 'PermissionDenied' | 'Timeout' | 'BadAnswer';

/** Each is absent when there is no true value: first sample, restart, counter that ran backwards, stopped. */
export interface Resources {
  /** Percent of the CPU that it may use: its limit, or all CPUs of the host. */
  readonly cpuPercent?: number | undefined;
  readonly cpuCores?: number | undefined;
  /** Percent of its limit, or of the host's memory. */
  readonly memoryPercent?: number | undefined;
  /** Working set: usage less inactive file cache. */
  readonly memoryBytes?: number | undefined;
  readonly memoryLimitBytes?: number | undefined;
  /** Bytes a second. */
  readonly networkReceiveRate?: number | undefined;
  readonly networkTransmitRate?: number | undefined;
  readonly diskReadRate?: number | undefined;
  readonly diskWriteRate?: number | undefined;
  readonly processes?: number | undefined;
}

/** How many changes an observation carries at most; older ones have been seen by every policy. */
export const MAX_CHANGES = 32;

export const changeKinds = ['restarted', 'crashed', 'oomKilled', 'deployed', 'configured'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Something that happened to a target. `at` is when the controller noticed, so that no evaluation misses it. */
export interface Change {
  readonly kind: ChangeKind;
  readonly at: number;
  readonly exitCode?: number | undefined;
  /** For people: "image app:1 -> app:2". */
  readonly detail?: string | undefined;
}

export type ProbeErrorKind =
  | 'timeout'
  | 'refused'
  | 'reset'
  | 'dns'
  | 'tls'
  | 'status'
  | 'query'
  | 'config'
  | 'network';

export interface ProbeResult {
  readonly protocol: 'http' | 'postgres' | 'tcp';
  readonly at: number;
  readonly up: boolean;
  /** HTTP status code; absent when there was no answer. */
  readonly status?: number | undefined;
  /** Absent when there was no answer. */
  readonly latencyMs?: number | undefined;
  /** First column of the first row of a postgres probe's query, when it is a number. */
  readonly value?: number | undefined;
  readonly error?: { readonly kind: ProbeErrorKind; readonly message: string } | undefined;
}

/**
 * What is dated further ahead of the look that saw it was dated before the clock was set back; a host's clock is ahead of
 * ours by less.
 */
export const MAX_AHEAD_MS = 60_000;

/** The changes that were noticed after a time. */
export function changesAfter({ at, changes }: ContainerObservation, previousAt: number): readonly Change[] {
  return changes.filter((change) => change.at > previousAt && change.at <= at + MAX_AHEAD_MS);
}
