import type { LoadTest } from '../model/load-test.ts';
import type { Generator, GeneratorState } from './launcher.ts';
import type { ProgressLine, ReportLine } from './protocol.ts';

/** For tests: a test of one generator, 10 s at 5/s; set what matters. */
export function buildLoadTest(fields: Partial<LoadTest> = {}): LoadTest {
  return {
    key: 'default/web',
    uid: 'uid-1',
    name: 'web',
    url: 'http://webapp:8000',
    headers: {},
    timeoutMs: 5000,
    endpoints: [{ method: 'GET', path: '/', weight: 1 }],
    stages: [{ durationMs: 10_000, rate: 5, shape: 'constant' }],
    concurrency: 10,
    parallelism: 1,
    thresholds: [],
    suspend: false,
    ...fields,
  };
}

export function buildGenerator(run: number, kind: GeneratorState['kind'], fields: Partial<Generator> = {}): Generator {
  const state: GeneratorState = kind === 'ended' ? { kind, code: 0, reason: 'exit code 0' } : { kind };
  const index = fields.index ?? 0;
  return { id: `g-${run}-${index}`, owner: 'uid-1', run, index, state, ...fields };
}

const times = { p50: 0.01, p90: 0.02, p95: 0.03, p99: 0.04, max: 0.05 };

export function buildProgress(fields: Partial<ProgressLine> = {}): ProgressLine {
  return {
    type: 'progress',
    elapsedSeconds: 1,
    rate: 5,
    requests: 5,
    errors: 0,
    late: 0,
    latencySeconds: times,
    serviceTimeSeconds: times,
    ...fields,
  };
}

/** Histogram without a value, as hdr-histogram-js encodes it. */
export const EMPTY_HISTOGRAM = 'HISTFAAAAB14nJNpmSzMwMDACMXMDBAAYjOwq/MxwPkANecBig==';

export function buildReport(fields: Partial<ReportLine> = {}): ReportLine {
  const nothing = { encoded: EMPTY_HISTOGRAM, maxSeconds: 0 };
  return {
    type: 'report',
    startedAt: 0,
    durationSeconds: 10,
    ended: 'completed',
    doubts: [],
    series: [],
    requests: 50,
    errors: 0,
    late: 0,
    failures: {},
    latency: nothing,
    serviceTime: nothing,
    endpoints: [],
    ...fields,
  };
}
