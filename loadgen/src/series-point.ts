/** A step of the series in numbers for people, and the series as a report has it: with histograms, so that it merges without loss. */
import {
  addSparse,
  createDistribution,
  decodeDistribution,
  encodeDistribution,
  quantiles,
  toSparse,
} from './distribution.ts';
import type { Distribution, SparseDistribution } from './distribution.ts';

export interface StepCounts {
  readonly sent: number;
  readonly ok: number;
  /** With those that were never sent. */
  readonly failed: number;
  readonly unsent: number;
  readonly late: number;
}

/** A step that is over. */
export interface Step extends StepCounts {
  readonly latency: SparseDistribution;
  readonly serviceTime: SparseDistribution;
}

export interface Steps {
  /** A power of two. */
  readonly stepSeconds: number;
  /** From the start of the run, without gaps. */
  readonly steps: readonly Step[];
}

export interface StepPercentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Times are of the requests that ended in the step, in seconds, good to 1 in 100; zeros when none did. */
export interface SeriesPoint extends StepCounts {
  /** Since the start of the run. */
  readonly startSeconds: number;
  /** On their way at the end of the step. */
  readonly inFlight: number;
  readonly latencySeconds: StepPercentiles;
  readonly serviceTimeSeconds: StepPercentiles;
}

/** As a report has it. */
export interface SeriesStepReport extends SeriesPoint {
  /** HdrHistograms of microseconds in the V2 encoding, deflated, base64, of two digits; empty without values. */
  readonly histograms: { readonly latencyMicroseconds: string; readonly serviceTimeMicroseconds: string };
}

export interface SeriesReport {
  /** Seconds of each step, a power of two; the last step ends with the run. */
  readonly stepSeconds: number;
  readonly steps: readonly SeriesStepReport[];
}

interface Measured extends StepCounts {
  readonly latency: Distribution;
  readonly serviceTime: Distribution;
}

export function summarizeStep(
  { sent, ok, failed, unsent, late, latency, serviceTime }: Measured,
  { startSeconds, inFlight }: Pick<SeriesPoint, 'startSeconds' | 'inFlight'>,
): SeriesPoint {
  const times = { latencySeconds: stepPercentiles(latency), serviceTimeSeconds: stepPercentiles(serviceTime) };
  return { startSeconds, sent, ok, failed, unsent, late, inFlight, ...times };
}

export function reportSeries({ stepSeconds, steps }: Steps): SeriesReport {
  let inFlight = 0;
  const reported = steps.map((step, index): SeriesStepReport => {
    inFlight += step.sent - step.ok - step.failed + step.unsent;
    const [latency, serviceTime] = [toDistribution(step.latency), toDistribution(step.serviceTime)];
    const point = summarizeStep({ ...step, latency, serviceTime }, { startSeconds: index * stepSeconds, inFlight });
    return {
      ...point,
      histograms: { latencyMicroseconds: encode(latency), serviceTimeMicroseconds: encode(serviceTime) },
    };
  });
  return { stepSeconds, steps: reported };
}

/** @throws Error on a histogram that is not one */
export function readSeries({ stepSeconds, steps }: SeriesReport): Steps {
  return { stepSeconds, steps: steps.map(readStep) };
}

function readStep({ sent, ok, failed, unsent, late, histograms, ...times }: SeriesStepReport): Step {
  const { latencyMicroseconds, serviceTimeMicroseconds } = histograms;
  return {
    sent,
    ok,
    failed,
    unsent,
    late,
    latency: toSparse(decode(latencyMicroseconds, times.latencySeconds.max)),
    serviceTime: toSparse(decode(serviceTimeMicroseconds, times.serviceTimeSeconds.max)),
  };
}

function stepPercentiles(distribution: Distribution): StepPercentiles {
  const [p50 = 0, p95 = 0, p99 = 0, max = 0] = quantiles(distribution, [0.5, 0.95, 0.99, 1]);
  return { p50, p95, p99, max };
}

function encode(distribution: Distribution): string {
  return distribution.counts.some((count) => count > 0) ? encodeDistribution(distribution) : '';
}

function decode(encoded: string, maxSeconds: number): Distribution {
  return encoded === '' ? createDistribution('coarse') : decodeDistribution('coarse', encoded, maxSeconds);
}

function toDistribution(sparse: SparseDistribution): Distribution {
  const distribution = createDistribution('coarse');
  addSparse(distribution, sparse);
  return distribution;
}
