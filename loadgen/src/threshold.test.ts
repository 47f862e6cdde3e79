import { describe, expect, it } from 'vitest';
import { buildReport, buildResult } from './builders.ts';
import { compileThreshold } from './threshold.ts';

const report = buildReport([
  buildResult(),
  buildResult({ endedAtMs: 200, failure: 'http', status: 500, isLate: true }),
]);

describe('a threshold', () => {
  it.each([
    ['latency.p95 < 0.5', true, 'latency.p95 = 0.2'],
    ['latency.p95 < 0.1', false, 'latency.p95 = 0.2'],
    ['errorRate < 0.01', false, 'errorRate = 0.5'],
    ['errors == 1 && late <= 1', true, 'errors = 1, late = 1'],
    ['errors == 1.0', true, 'errors = 1'],
    ['errorRate != 0 && double(errors) / 2.0 < 1', true, 'errors = 1, errorRate = 0.5'],
    ['rate > 0.0 && serviceTime.p999 < 1.0', true, 'rate = 0.033333, serviceTime.p999 = 0.2'],
    ['requests / (requests - 2) > 1', false, 'division by zero'],
  ])('%s', (expr, passed, observed) => {
    const verdict = compileThreshold(expr, false).judge(report);
    expect(verdict).toMatchObject({ expr, passed });
    expect(verdict.observed).toContain(observed);
  });

  it.each([
    ['latency.p42 < 1.0', 'p42'],
    ['latency.p95 <', 'threshold "latency.p95 <"'],
    ['latency.p95', 'gives no bool'],
    ['errorRate * 100 < 5', 'no such overload: double * int; write 100.0 for 100'],
    ['late / 2.0 < 5.0', 'double(requests) for requests'],
    ["impact['webapp'].cpu.max < 90.0", 'there are requests, errors, late, rate, errorRate, latency.p95'],
    ['('.repeat(3_000), 'at most 2048 characters'],
    [`${'!'.repeat(300)}true`, 'threshold'],
  ])('is refused in one line when it is %j', (expr, message) => {
    expect(() => compileThreshold(expr, false)).toThrow(message);
    expect(() => compileThreshold(expr, false)).not.toThrow('\n');
  });
});
