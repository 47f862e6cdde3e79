/** The lines that a generator writes: progress once a second, one report at the end. Field names carry their units. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { AttackOutcome } from './attack.ts';
import type { Distribution, Measure, Tally } from './measure.ts';

export interface Percentiles {
  readonly mean: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface Counts {
  readonly requests: number;
  readonly errors: number;
  /** errors / requests; 0 without requests. */
  readonly errorRate: number;
  readonly unsent: number;
  readonly late: number;
  readonly bytes: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly latencySeconds: Percentiles;
  readonly serviceTimeSeconds: Percentiles;
}

export interface Progress {
  readonly type: 'progress';
  readonly elapsedSeconds: number;
  /** Part of the plan that is over, 0 to 1; null for a run without an end. */
  readonly progress: number | null;
  /** Requests a second by the plan, now. */
  readonly plannedRate: number;
  /** Requests a second that ended since the progress before. */
  readonly rate: number;
  readonly inFlight: number;
  readonly requests: number;
  readonly errors: number;
  readonly errorRate: number;
  readonly unsent: number;
  readonly late: number;
  /** Of the whole run so far. */
  readonly latencySeconds: Percentiles;
}

/** HdrHistograms of microseconds in the V2 encoding, deflated, base64. */
export interface EncodedHistograms {
  readonly latencyMicroseconds: string;
  readonly serviceTimeMicroseconds: string;
}

export interface CountsWithHistograms extends Counts {
  readonly histograms: EncodedHistograms;
}

export interface EndpointReport extends CountsWithHistograms {
  readonly name: string;
}

export interface Report extends CountsWithHistograms {
  readonly type: 'report';
  readonly version: 1;
  readonly url: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  /** `stopped`: by a signal, before the end of the plan. */
  readonly ended: AttackOutcome['ended'];
  readonly generators: number;
  /** null for a run without an end. */
  readonly plannedRequests: number | null;
  /** Requests a second over the whole run. */
  readonly rate: number;
  /** How late the generator itself was with requests that had a free connection. */
  readonly lagSeconds: Percentiles;
  readonly lagMicroseconds: string;
  readonly endpoints: readonly EndpointReport[];
}

export interface RunFacts {
  readonly url: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly ended: AttackOutcome['ended'];
  readonly generators: number;
  /** Infinity for a run without an end. */
  readonly plannedRequests: number;
  readonly endpointNames: readonly string[];
}

export type Measured = Pick<Measure, 'total' | 'endpoints' | 'lag'>;

export function createReport(facts: RunFacts, measured: Measured): Report {
  const durationSeconds = Math.round(facts.durationMs * 1_000) / 1e6;
  return {
    type: 'report',
    version: 1,
    url: facts.url,
    startedAt: new Date(facts.startedAtMs).toISOString(),
    durationSeconds,
    ended: facts.ended,
    generators: facts.generators,
    plannedRequests: Number.isFinite(facts.plannedRequests) ? facts.plannedRequests : null,
    rate: durationSeconds > 0 ? measured.total.requests / durationSeconds : 0,
    ...countsWithHistograms(measured.total),
    lagSeconds: percentiles(measured.lag),
    lagMicroseconds: encodeIntoCompressedBase64(measured.lag.histogram),
    endpoints: measured.endpoints.map((tally, index) => ({
      name: facts.endpointNames[index] ?? String(index),
      ...countsWithHistograms(tally),
    })),
  };
}

export function countErrors(tally: Tally): number {
  return [...tally.failures.values()].reduce((sum, count) => sum + count, 0);
}

/** All in seconds; zeros when nothing was recorded. */
export function percentiles({ histogram, maxUs }: Distribution): Percentiles {
  const at = (percentile: number): number => Math.min(histogram.getValueAtPercentile(percentile), maxUs) / 1e6;
  return {
    mean: Math.round(histogram.mean) / 1e6,
    p50: at(50),
    p75: at(75),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: maxUs / 1e6,
  };
}

function countsWithHistograms(tally: Tally): CountsWithHistograms {
  const errors = countErrors(tally);
  return {
    requests: tally.requests,
    errors,
    errorRate: tally.requests === 0 ? 0 : errors / tally.requests,
    unsent: tally.unsent,
    late: tally.late,
    bytes: tally.bytes,
    statuses: sortedRecord(tally.statuses),
    failures: sortedRecord(tally.failures),
    latencySeconds: percentiles(tally.latency),
    serviceTimeSeconds: percentiles(tally.serviceTime),
    histograms: {
      latencyMicroseconds: encodeIntoCompressedBase64(tally.latency.histogram),
      serviceTimeMicroseconds: encodeIntoCompressedBase64(tally.serviceTime.histogram),
    },
  };
}

function sortedRecord(counts: ReadonlyMap<string | number, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
