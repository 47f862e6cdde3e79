/** Folds results into counts and histograms, for each endpoint and in all. */
import { build, type Histogram } from 'hdr-histogram-js';
import type { FailureKind } from './failure.ts';
import type { RequestResult } from './queue.ts';

/** One distribution of times; `maxUs` is exact where the histogram rounds. */
export interface Distribution {
  readonly histogram: Histogram;
  maxUs: number;
}

export interface Tally {
  requests: number;
  /** Sent by no connection before the timeout; they are in `failures` as timeouts. */
  unsent: number;
  /** Had to wait for a free connection. */
  late: number;
  bytes: number;
  readonly statuses: Map<number, number>;
  readonly failures: Map<FailureKind, number>;
  /** From the moment a request was due. */
  readonly latency: Distribution;
  /** From the moment a request was sent. */
  readonly serviceTime: Distribution;
}

export interface Measure {
  readonly total: Tally;
  /** In the order of the endpoints. */
  readonly endpoints: readonly Tally[];
  /** How late the generator itself was with requests that had a free connection: large means that the generator is overloaded. */
  readonly lag: Distribution;
  record(result: RequestResult): void;
}

/** A request waits at most a minute and runs at most a minute (the longest timeout). */
const HIGHEST_TRACKABLE_US = 120_000_000;
/** Values are good to one in a thousand. */
const SIGNIFICANT_DIGITS = 3;

/** Counts are 64 bits wide: 32 would overflow within a day of a fast run. */
export function createDistribution(): Distribution {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_TRACKABLE_US,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
    bitBucketSize: 64,
  });
  return { histogram, maxUs: 0 };
}

export function createMeasure(endpointCount: number): Measure {
  const total = createTally();
  const endpoints = Array.from({ length: endpointCount }, createTally);
  const lag = createDistribution();
  return {
    total,
    endpoints,
    lag,
    record: (result) => {
      const tally = endpoints[result.endpoint];
      if (tally === undefined) throw new RangeError(`there is no endpoint ${result.endpoint}`);
      addResult(total, result);
      addResult(tally, result);
      if (result.sentAtMs !== undefined && !result.isLate) recordMs(lag, result.sentAtMs - result.dueAtMs);
    },
  };
}

export function createTally(): Tally {
  return {
    requests: 0,
    unsent: 0,
    late: 0,
    bytes: 0,
    statuses: new Map(),
    failures: new Map(),
    latency: createDistribution(),
    serviceTime: createDistribution(),
  };
}

function addResult(tally: Tally, result: RequestResult): void {
  tally.requests += 1;
  tally.bytes += result.bytes;
  if (result.isLate) tally.late += 1;
  if (result.status !== undefined) increase(tally.statuses, result.status);
  if (result.failure !== undefined) increase(tally.failures, result.failure);
  recordMs(tally.latency, result.endedAtMs - result.dueAtMs);
  if (result.sentAtMs === undefined) tally.unsent += 1;
  else recordMs(tally.serviceTime, result.endedAtMs - result.sentAtMs);
}

function recordMs(distribution: Distribution, milliseconds: number): void {
  const microseconds = Math.min(Math.max(Math.round(milliseconds * 1_000), 0), HIGHEST_TRACKABLE_US);
  distribution.histogram.recordValue(microseconds);
  distribution.maxUs = Math.max(distribution.maxUs, microseconds);
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
