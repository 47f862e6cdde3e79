import { describe, expect, it } from 'vitest';
import type { LoadImpactView, LoadTestAnswer, LoadTestSummary } from '../../../answers/load-tests.ts';
import { boundsOfRun, doubtsOf, impactChart, loadCharts } from './load-charts.ts';

const loadTest: LoadTestSummary = {
  key: 'default/high',
  phase: 'running',
  running: true,
  url: 'http://web:8000',
  level: 'high',
  elapsedSeconds: 10,
  durationSeconds: 60,
  startedAt: 1_000_000,
  completedAt: null,
  succeeded: null,
  reason: null,
  message: null,
  progress: '10s of 1m',
  summary: null,
  suspended: false,
  schedule: null,
};
const answer = (over: Partial<LoadTestSummary>, series: LoadTestAnswer['series'] = null): LoadTestAnswer => ({
  loadTest: { ...loadTest, ...over },
  yaml: '',
  endpoints: [],
  thresholds: [],
  impact: [],
  alerts: [],
  doubts: [],
  series,
});

describe('the charts of a load test', () => {
  it('reach over the whole plan while it runs, and over the run when it is done', () => {
    expect(boundsOfRun(answer({}), 1_010_000)).toEqual({ fromMs: 995_000, toMs: 1_065_000 });
    expect(boundsOfRun(answer({ completedAt: 1_020_000 }), 9_000_000).toMs).toBe(1_025_000);
  });

  it('have a time without an answer as a gap', () => {
    const second = { at: 1, requests: 5, errors: 5, p50: null, p95: null, p99: null, max: null };
    const [requests, latency] = loadCharts([second], { fromMs: 0, toMs: 2 });
    expect(requests?.lines.map(({ values }) => values)).toEqual([[5], [5]]);
    expect(latency?.lines[0]?.values).toEqual([null]);
  });

  it('lay CPU and memory on one time axis', () => {
    const impact: LoadImpactView = {
      container: 'web',
      target: 'local/web',
      cpu: null,
      memory: null,
      restarts: null,
      cpuPoints: [{ at: 1, mean: 10, max: 12 }],
      memoryPoints: [{ at: 2, mean: 20, max: 20 }],
    };
    const { times, lines } = impactChart(impact, { fromMs: 0, toMs: 3 });
    expect(times).toEqual([1, 2]);
    expect(lines.map(({ values }) => values)).toEqual([
      [10, undefined],
      [undefined, 20],
    ]);
  });
});

describe('doubts about a result', () => {
  const summary = { requests: 1000, rate: 10, errors: 0, errorRate: 0, late: 0 };
  it.each([
    ['none while nothing is measured', answer({}), 0],
    ['none when no request was late', answer({ summary }), 0],
    ['when requests waited for connections', answer({ summary: { ...summary, late: 50 } }), 1],
    ['when the generator says so', { ...answer({}), doubts: ['its processor was busy'] }, 1],
  ])('%s', (_what, given, count) => {
    expect(doubtsOf(given)).toHaveLength(count);
  });
});
