/** The lines that a generator writes: progress once a second, one report at the end. Field names carry their units. */
import type { AttackOutcome, WarmUp } from './attack.ts';
import { encodeDistribution, meanOf, quantiles, type Distribution } from './distribution.ts';
import type { Measure, Tally } from './measure.ts';
import { pace } from './pacer.ts';
import type { Plan } from './plan.ts';
import type { GeneratorHealth } from './saturation.ts';
import type { Series } from './series.ts';
import { reportSeries, type SeriesPoint, type SeriesReport } from './series-point.ts';

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
  readonly serviceTimeSeconds: Percentiles;
  /** The seconds that are over since the progress before, mostly one. */
  readonly seconds: readonly SeriesPoint[];
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
  /** Requests before the plan; nothing else here counts them. */
  readonly warmUp: WarmUp;
  /** The target's certificate was not checked (`--insecure`): who answered is not known. */
  readonly insecure: boolean;
  /** Requests a second over the whole run. */
  readonly rate: number;
  /** Requests a second that were due, while the plan lasted. */
  readonly plannedRate: number;
  /** Requests a second that were sent, until the last one was. */
  readonly sentRate: number;
  readonly generator: GeneratorReport;
  readonly endpoints: readonly EndpointReport[];
  readonly series: SeriesReport;
  /** Verdicts of the generator's own thresholds; absent in a merged report. */
  readonly thresholds?: readonly ThresholdVerdict[];
}

export interface GeneratorReport extends GeneratorHealth {
  /** How late the generator itself was with requests that had a free connection. */
  readonly startLagSeconds: Percentiles;
  /** The same as HdrHistogram. */
  readonly startLagMicroseconds: string;
}

export interface ThresholdVerdict {
  readonly expr: string;
  readonly passed: boolean;
  /** The values that the expression uses, or why it cannot be judged. */
  readonly observed: string;
  /** The run was ended by it. */
  readonly aborted?: boolean;
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
  readonly warmUp: WarmUp;
  readonly insecure: boolean;
  readonly endpointNames: readonly string[];
  readonly plannedRate: number;
  readonly sentRate: number;
  readonly generator: GeneratorHealth;
}

export interface Measured extends Pick<Measure, 'total' | 'endpoints' | 'lag'> {
  readonly series: Pick<Series, 'steps'>;
}

/** Requests a second that were due and that were sent, until the end of the plan or the last sending. */
export function ratesOf(
  { durationMs, ended }: Pick<AttackOutcome, 'durationMs' | 'ended'>,
  { plan, measure }: { readonly plan: Plan; readonly measure: Measure },
): Pick<RunFacts, 'plannedRate' | 'sentRate'> {
  const { requests, unsent } = measure.total;
  const lastSentAtMs = measure.lastSentAtMs();
  const untilMs = ended === 'stopped' ? lastSentAtMs : Math.min(durationMs, plan.durationMs);
  return {
    plannedRate: perSecond(pace(plan, untilMs), untilMs),
    sentRate: perSecond(requests - unsent, Math.max(untilMs, lastSentAtMs)),
  };
}

function perSecond(count: number, elapsedMs: number): number {
  return elapsedMs > 0 ? (count / elapsedMs) * 1_000 : 0;
}

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
    warmUp: facts.warmUp,
    insecure: facts.insecure,
    rate: durationSeconds > 0 ? measured.total.requests / durationSeconds : 0,
    plannedRate: facts.plannedRate,
    sentRate: facts.sentRate,
    ...countsWithHistograms(measured.total),
    generator: {
      ...facts.generator,
      startLagSeconds: percentiles(measured.lag),
      startLagMicroseconds: encodeDistribution(measured.lag),
    },
    endpoints: measured.endpoints.map((tally, index) => ({
      name: facts.endpointNames[index] ?? String(index),
      ...countsWithHistograms(tally),
    })),
    series: reportSeries(measured.series.steps()),
  };
}

export function countErrors(tally: Tally): number {
  return [...tally.failures.values()].reduce((sum, count) => sum + count, 0);
}

/** All in seconds; zeros when nothing was recorded. */
export function percentiles(distribution: Distribution): Percentiles {
  const [p50 = 0, p75 = 0, p90 = 0, p95 = 0, p99 = 0, p999 = 0, max = 0] = quantiles(
    distribution,
    [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1],
  );
  return { mean: Math.round(meanOf(distribution) * 1e6) / 1e6, p50, p75, p90, p95, p99, p999, max };
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
      latencyMicroseconds: encodeDistribution(tally.latency),
      serviceTimeMicroseconds: encodeDistribution(tally.serviceTime),
    },
  };
}

function sortedRecord(counts: ReadonlyMap<string | number, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
