import type { LoadPercentiles } from '../model/load-test.ts';
import { decodeHistogram } from './histogram.ts';

/** The lines of a generator's standard output, as far as they are used here. Everything in them is outside text. */
export interface ProgressLine {
  readonly type: 'progress';
  readonly elapsedSeconds: number;
  /** Requests a second that ended since the line before. */
  readonly rate: number;
  readonly requests: number;
  readonly errors: number;
  readonly late: number;
  /** Of the run so far. */
  readonly latencySeconds: LoadPercentiles;
  readonly serviceTimeSeconds: LoadPercentiles;
}

export interface ReportLine extends MeasuredCounts {
  readonly type: 'report';
  /** Epoch milliseconds, the generator's clock. */
  readonly startedAt: number;
  readonly durationSeconds: number;
  /** `stopped`: by a signal, before the end of the plan. */
  readonly ended: 'completed' | 'stopped';
  /** Why its times are its own rather than the target's, in its words; empty when nothing speaks against them. */
  readonly doubts: readonly string[];
  readonly endpoints: readonly EndpointReport[];
  /** Its course in steps of the same length; empty in the report of an older generator. */
  readonly series: readonly SeriesStep[];
}

/** Requests that ended in a step. */
export interface SeriesStep {
  /** Since the start of the run, and how long the step is. */
  readonly startSeconds: number;
  readonly seconds: number;
  readonly requests: number;
  readonly errors: number;
  /** Of the step alone; zeros without requests. */
  readonly latency: StepPercentiles;
}

export type StepPercentiles = Omit<LoadPercentiles, 'p90'>;

export interface MeasuredCounts {
  readonly requests: number;
  readonly errors: number;
  readonly late: number;
  /** Errors by kind: `refused`, `timeout`, `http` ... */
  readonly failures: Readonly<Record<string, number>>;
  readonly latency: EncodedDistribution;
  readonly serviceTime: EncodedDistribution;
}

export interface EndpointReport extends MeasuredCounts {
  /** `GET /path`. */
  readonly name: string;
}

export interface EncodedDistribution {
  /** HdrHistogram of microseconds: V2, deflated, base64. */
  readonly encoded: string;
  /** Exact, where the histogram rounds. */
  readonly maxSeconds: number;
}

export type ProtocolLine = ProgressLine | ReportLine;

/** A report of 50 endpoints with wide histograms has some 2 MB, its series 1 MB. */
export const MAX_LINE_CHARS = 8_000_000;
const MAX_ENDPOINTS = 50;
/** Of errors in one report. */
const MAX_KINDS = 1000;
/** A generator makes its steps longer when there would be more. */
const MAX_STEPS = 4096;
const MAX_DOUBTS = 20;
const MAX_DOUBT_CHARS = 200;

/** Reads one line; undefined for what is no progress and no report: other lines, cut lines, nonsense. */
export function decodeLine(line: string): ProtocolLine | undefined {
  if (line.length > MAX_LINE_CHARS || !line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (!isRecord(value)) return undefined;
    if (value['type'] === 'progress') return decodeProgress(value);
    return value['type'] === 'report' ? decodeReport(value) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof LineFault) return undefined;
    throw error;
  }
}

/** Thrown and caught within this file only: a field that is missing or of another type. */
class LineFault extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function decodeProgress(value: Fields): ProgressLine {
  return {
    type: 'progress',
    elapsedSeconds: amount(value, 'elapsedSeconds'),
    rate: amount(value, 'rate'),
    requests: amount(value, 'requests'),
    errors: amount(value, 'errors'),
    late: amount(value, 'late'),
    latencySeconds: decodePercentiles(record(value, 'latencySeconds')),
    serviceTimeSeconds: decodePercentiles(record(value, 'serviceTimeSeconds')),
  };
}

function decodeSeries(value: unknown): readonly SeriesStep[] {
  if (!isRecord(value) || !Array.isArray(value['steps'])) return [];
  const seconds = amount(value, 'stepSeconds');
  return value['steps'].slice(0, MAX_STEPS).map((step: unknown) => {
    if (!isRecord(step)) throw new LineFault();
    const errors = amount(step, 'failed');
    const times = record(step, 'latencySeconds');
    const latency = {
      p50: amount(times, 'p50'),
      p95: amount(times, 'p95'),
      p99: amount(times, 'p99'),
      max: amount(times, 'max'),
    };
    return {
      startSeconds: amount(step, 'startSeconds'),
      seconds,
      requests: amount(step, 'ok') + errors,
      errors,
      latency,
    };
  });
}

function decodeReport(value: Fields): ReportLine {
  const startedAt = Date.parse(text(value, 'startedAt'));
  if (!Number.isFinite(startedAt) || value['version'] !== 1) throw new LineFault();
  const { endpoints } = value;
  if (!Array.isArray(endpoints) || endpoints.length > MAX_ENDPOINTS) throw new LineFault();
  return {
    type: 'report',
    startedAt,
    durationSeconds: amount(value, 'durationSeconds'),
    ended: value['ended'] === 'completed' ? 'completed' : 'stopped',
    doubts: decodeDoubts(record(value, 'generator')),
    ...decodeCounts(value),
    endpoints: endpoints.map((endpoint: unknown) => {
      if (!isRecord(endpoint)) throw new LineFault();
      return { name: text(endpoint, 'name'), ...decodeCounts(endpoint) };
    }),
    series: decodeSeries(value['series']),
  };
}

function decodeDoubts({ reliable, reasons }: Fields): readonly string[] {
  if (reliable === true) return [];
  if (!Array.isArray(reasons)) throw new LineFault();
  return reasons
    .filter((reason) => typeof reason === 'string')
    .slice(0, MAX_DOUBTS)
    .map((reason) => reason.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, MAX_DOUBT_CHARS));
}

function decodeCounts(value: Fields): MeasuredCounts {
  const histograms = record(value, 'histograms');
  return {
    requests: amount(value, 'requests'),
    errors: amount(value, 'errors'),
    late: amount(value, 'late'),
    failures: decodeKinds(record(value, 'failures')),
    latency: decodeDistribution(text(histograms, 'latencyMicroseconds'), record(value, 'latencySeconds')),
    serviceTime: decodeDistribution(text(histograms, 'serviceTimeMicroseconds'), record(value, 'serviceTimeSeconds')),
  };
}

/** What is passed on can be decoded: a pass that throws over it would be tried for ever, and the test could not even be deleted. */
function decodeDistribution(encoded: string, times: Fields): EncodedDistribution {
  try {
    decodeHistogram(encoded);
  } catch {
    throw new LineFault();
  }
  return { encoded, maxSeconds: amount(times, 'max') };
}

function decodePercentiles(value: Fields): LoadPercentiles {
  return {
    p50: amount(value, 'p50'),
    p90: amount(value, 'p90'),
    p95: amount(value, 'p95'),
    p99: amount(value, 'p99'),
    max: amount(value, 'max'),
  };
}

function decodeKinds(value: Fields): Readonly<Record<string, number>> {
  const kinds = Object.keys(value).filter((kind) => /^\w{1,40}$/.test(kind));
  if (kinds.length > MAX_KINDS) throw new LineFault();
  return Object.fromEntries(kinds.map((kind) => [kind, amount(value, kind)]));
}

function amount(value: Fields, field: string): number {
  const found = value[field];
  if (typeof found !== 'number' || !Number.isFinite(found) || found < 0) throw new LineFault();
  return found;
}

function text(value: Fields, field: string): string {
  const found = value[field];
  if (typeof found !== 'string') throw new LineFault();
  return found;
}

function record(value: Fields, field: string): Fields {
  const found = value[field];
  if (!isRecord(found)) throw new LineFault();
  return found;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
