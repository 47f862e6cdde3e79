/**
 * Two runs side by side, and what of their difference is more than chance. Requests of a run are not independent: a slow second slows all
 * in it. So a run is cut into batches of equal time, and batches are compared (the method of batch means: A. M. Law, "Simulation Modeling
 * and Analysis", chapter 9). Times are compared by their logarithms, so that differences are ratios.
 */
import { addSparse, createDistribution, quantiles, type SparseDistribution } from '../distribution.ts';
import type { Report } from '../report.ts';
import { sumSteps } from '../series.ts';
import { readSeries, type Step } from '../series-point.ts';
import { sampleOf, welchInterval, type Interval } from './statistics.ts';

export type Verdict = 'better' | 'worse' | 'no difference shown' | 'too short to tell';

export interface ComparedLine {
  readonly name: string;
  readonly kind: 'latency' | 'service time' | 'rate' | 'errors';
  /** Of the whole runs. Seconds; answers without error a second; failed share. */
  readonly base: number;
  readonly other: number;
  /** Of the relative difference (0.1: ten percent more); of the absolute one for errors. Absent without enough batches. */
  readonly interval: Interval | undefined;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly lines: readonly ComparedLine[];
  /** Why the two should not be compared, for people. */
  readonly warnings: readonly string[];
}

/** That no line of a comparison says better or worse by chance; divided among the lines (Bonferroni). */
export const CONFIDENCE = 0.99;
/** The histograms of the series tell times apart to 1 in 100; a smaller difference may be their rounding. */
const LEAST_RATIO = 1.02;
/** More batches would be too short to be independent; fewer say nothing. */
const MAX_BATCHES = 20;
const MIN_BATCHES = 5;
/** A percentile of fewer requests is a matter of luck. */
const MIN_REQUESTS_IN_BATCH = 200;
const PERCENTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;
const KINDS = ['latency', 'service time'] as const;
const LINES = PERCENTILES.length * KINDS.length + 2;
const LINE_CONFIDENCE = 1 - (1 - CONFIDENCE) / LINES;
const MAX_RATE_DIFFERENCE = 0.01;

interface Batch extends Step {
  readonly seconds: number;
}

/** @throws Error when a histogram is none */
export function compareReports(base: Report, other: Report): Comparison {
  const batches = [batchesOf(base), batchesOf(other)] as const;
  const times = KINDS.flatMap((kind) =>
    PERCENTILES.map(([name, part]) => compareTimes(kind, { name, part }, { base, other, batches })),
  );
  return {
    lines: [...times, compareRates(base, other, batches), compareErrors(base, other, batches)],
    warnings: warnings(base, other),
  };
}

type Batches = readonly [base: readonly Batch[], other: readonly Batch[]];

/** Of whole steps: what is left of the last one counts for nothing here. */
function batchesOf({ series, requests, durationSeconds }: Report): readonly Batch[] {
  const { steps, stepSeconds } = readSeries(series);
  const whole = steps.slice(0, Math.floor(durationSeconds / stepSeconds));
  const count = Math.min(MAX_BATCHES, whole.length, Math.floor(requests / MIN_REQUESTS_IN_BATCH));
  const size = Math.floor(whole.length / count);
  if (count < MIN_BATCHES) return [];
  return Array.from({ length: count }, (_, index) => ({
    ...sumSteps(whole.slice(index * size, (index + 1) * size)),
    seconds: size * stepSeconds,
  }));
}

function compareTimes(
  kind: (typeof KINDS)[number],
  { name, part }: { readonly name: (typeof PERCENTILES)[number][0]; readonly part: number },
  { base, other, batches }: { readonly base: Report; readonly other: Report; readonly batches: Batches },
): ComparedLine {
  const valueOf = (report: Report): number =>
    (kind === 'latency' ? report.latencySeconds : report.serviceTimeSeconds)[name];
  const logs = (of: readonly Batch[]): readonly number[] =>
    of
      .map((batch) => quantileOf(kind === 'latency' ? batch.latency : batch.serviceTime, part))
      .filter((seconds) => seconds > 0)
      .map(Math.log);
  const interval = intervalOf(logs(batches[0]), logs(batches[1]));
  const ratios = interval && { low: Math.expm1(interval.low), high: Math.expm1(interval.high) };
  const compared = { base: valueOf(base), other: valueOf(other) };
  const isLarge = isFurtherApart(compared);
  return {
    name: `${kind} ${name}`,
    kind,
    ...compared,
    interval: ratios,
    verdict: judge(ratios, isLarge, 'lower is better'),
  };
}

/** Answers without error: what was refused quickly is no throughput. */
function compareRates(base: Report, other: Report, batches: Batches): ComparedLine {
  const compared = { base: rateOf(base), other: rateOf(other) };
  const { mean } = sampleOf(batches[0].map(rateOfBatch));
  const absolute = intervalOf(batches[0].map(rateOfBatch), batches[1].map(rateOfBatch));
  const interval = absolute && mean > 0 ? { low: absolute.low / mean, high: absolute.high / mean } : undefined;
  const verdict = judge(interval, isFurtherApart(compared), 'higher is better');
  return { name: 'answers a second', kind: 'rate', ...compared, interval, verdict };
}

function rateOf({ requests, errors, durationSeconds }: Report): number {
  return durationSeconds > 0 ? (requests - errors) / durationSeconds : 0;
}

function rateOfBatch({ ok, seconds }: Batch): number {
  return ok / seconds;
}

function errorsOfBatch({ ok, failed }: Batch): number {
  return failed / Math.max(ok + failed, 1);
}

function compareErrors(base: Report, other: Report, batches: Batches): ComparedLine {
  const interval = intervalOf(batches[0].map(errorsOfBatch), batches[1].map(errorsOfBatch));
  const verdict = judge(interval, base.errorRate !== other.errorRate, 'lower is better');
  return { name: 'error rate', kind: 'errors', base: base.errorRate, other: other.errorRate, interval, verdict };
}

function intervalOf(base: readonly number[], other: readonly number[]): Interval | undefined {
  if (base.length < MIN_BATCHES || other.length < MIN_BATCHES) return undefined;
  return welchInterval(sampleOf(base), sampleOf(other), LINE_CONFIDENCE);
}

function isFurtherApart({ base, other }: { readonly base: number; readonly other: number }): boolean {
  return Math.max(base, other) > Math.min(base, other) * LEAST_RATIO;
}

function judge(
  interval: Interval | undefined,
  isLarge: boolean,
  direction: 'lower is better' | 'higher is better',
): Verdict {
  if (interval === undefined) return 'too short to tell';
  const isMore = interval.low > 0;
  if (!isLarge || (!isMore && interval.high >= 0)) return 'no difference shown';
  return isMore === (direction === 'higher is better') ? 'better' : 'worse';
}

function quantileOf(sparse: SparseDistribution, part: number): number {
  const distribution = createDistribution('coarse');
  addSparse(distribution, sparse);
  return quantiles(distribution, [part])[0] ?? 0;
}

function warnings(base: Report, other: Report): readonly string[] {
  const unreliable = [base, other].some(({ generator }) => !generator.reliable);
  const apart = Math.abs(base.plannedRate - other.plannedRate) > base.plannedRate * MAX_RATE_DIFFERENCE;
  return [
    ...(unreliable ? ['a result is unreliable: the generator itself was the bottleneck'] : []),
    ...(apart
      ? [`not the same load: ${base.plannedRate.toFixed(1)}/s and ${other.plannedRate.toFixed(1)}/s were planned`]
      : []),
    ...(base.ended === 'stopped' || other.ended === 'stopped' ? ['a run was stopped before the end of its plan'] : []),
  ];
}
