/** Folds results into counts and histograms, for each endpoint and in all. */
import { createDistribution, recordMs, type Distribution } from './distribution.ts';
import type { FailureKind } from './failure.ts';
import type { RequestResult } from './queue.ts';
import { createSeries, type Series } from './series.ts';

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
  /** Second by second. */
  readonly series: Series;
  /** Called for each request when it is sent, before its result. */
  sent(atMs: number): void;
  record(result: RequestResult): void;
  /** When the last request was sent, in ms since the start of the run. */
  lastSentAtMs(): number;
}

export function createMeasure(endpointCount: number): Measure {
  const total = createTally();
  const endpoints = Array.from({ length: endpointCount }, createTally);
  const lag = createDistribution('fine');
  const series = createSeries();
  let lastSentAtMs = 0;
  return {
    total,
    endpoints,
    lag,
    series,
    lastSentAtMs: () => lastSentAtMs,
    sent: (atMs) => {
      lastSentAtMs = atMs;
      series.sent(atMs);
    },
    record: (result) => {
      const tally = endpoints[result.endpoint];
      if (tally === undefined) throw new RangeError(`there is no endpoint ${result.endpoint}`);
      addResult(total, result);
      addResult(tally, result);
      series.record(result);
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
    latency: createDistribution('fine'),
    serviceTime: createDistribution('fine'),
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

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
