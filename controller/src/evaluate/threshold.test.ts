import { describe, expect, it } from 'vitest';
import type { LoadResult } from '../model/load-test.ts';
import { checkThreshold, compileThresholds } from './threshold.ts';

const result: LoadResult = {
  summary: {
    requests: 1000,
    rate: 49.9,
    errors: 5,
    errorRate: 0.005,
    late: 0,
    latency: { p50: 0.01, p90: 0.1, p95: 0.234, p99: 0.4, max: 1 },
  },
  endpoints: [],
  impact: [{ container: 'webapp', cpu: { avg: 70, max: 95.5 }, memory: { avg: 40, max: 41 }, restarts: 0 }],
  alerts: [{ name: 'a-1', rule: 'cpu', severity: 'critical', container: 'webapp' }],
};

function judge(expr: string, over: Partial<LoadResult> = {}) {
  return compileThresholds([{ name: 'one', expr }])({ ...result, ...over })[0];
}

describe('thresholds', () => {
  it.each([
    ['latency.p95 < 0.5', true, 'latency.p95 = 0.234'],
    ['latency.p95 < 0.2', false, 'latency.p95 = 0.234'],
    ['latency.max <= 1', true, 'latency.max = 1'],
    ['errorRate < 0.01 && rate > 40', true, 'errorRate = 0.005, rate = 49.9'],
    ['requests == 1000 && late == 0', true, 'requests = 1000, late = 0'],
    ["impact['webapp'].cpu.max < 90.0", false, 'impact.webapp.cpu.max = 95.5'],
    ["impact['webapp'].memory.max < 90", true, 'impact.webapp.memory.max = 41'],
    ["impact['webapp'].restarts == 0", true, 'impact.webapp.restarts = 0'],
    ["!alerts.exists(a, a.severity == 'critical')", false, 'alerts = critical cpu'],
    ["alerts.all(a, a.container != 'db')", true, 'alerts = critical cpu'],
    ["'webapp' in impact", true, ''],
  ])('judges %s', (expr, passed, observed) => {
    expect(judge(expr)).toMatchObject({ passed, observed });
  });

  it.each([
    ['serviceTime.p95 < 0.5', 'there is no serviceTime'],
    ["impact['db'].cpu.max < 90.0", 'there is no impact.db'],
  ])('cannot judge %s without the value', (expr, observed) => {
    expect(judge(expr)).toMatchObject({ passed: undefined, observed });
  });

  it('cannot judge anything before the first answer', () => {
    expect(judge('latency.p95 < 0.5', { summary: undefined })).toMatchObject({ passed: undefined });
    expect(judge('alerts.size() == 0', { summary: undefined, alerts: [] })).toMatchObject({ passed: true });
  });

  it('knows which speak of alerts', () => {
    expect(judge('alerts.size() == 0')?.aboutAlerts).toBe(true);
    expect(judge('rate > 1')?.aboutAlerts).toBe(false);
  });

  it.each([
    ['latency.p96 < 0.5', 'p96'],
    ['latency.p95 <', 'line 1'],
    ['rate', 'must give a bool'],
    ['cpu > 3', 'cpu'],
    ["impact['webapp'].disk.max < 1", 'disk'],
    ["alerts.exists(a, a.level == 'x')", 'level'],
  ])('refuses %s with line and caret', (expr, words) => {
    const fault = checkThreshold(expr);
    expect(fault).toContain(words);
    expect(fault).toMatch(/line 1, column \d+: .*\n.*\n +\^/);
  });

  it('takes what the samples have', () => {
    expect(checkThreshold("!alerts.exists(a, a.severity == 'critical')")).toBeUndefined();
  });
});
