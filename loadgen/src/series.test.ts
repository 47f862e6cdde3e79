import { describe, expect, it } from 'vitest';
import { buildResult } from './builders.ts';
import { createSeries, MAX_STEPS, type Series } from './series.ts';
import { readSeries, reportSeries } from './series-point.ts';

/** One request each second, answered after `latencyMs`. */
function secondly(seconds: number, latencyMs = 10): Series {
  const series = createSeries();
  for (let second = 0; second < seconds; second += 1) {
    const dueAtMs = second * 1_000 + 500;
    series.sent(dueAtMs);
    series.record(buildResult({ dueAtMs, sentAtMs: dueAtMs, endedAtMs: dueAtMs + latencyMs }));
  }
  return series;
}

describe('createSeries', () => {
  it('counts requests in the second of their sending, answers in the second of their end', () => {
    const series = createSeries();
    series.sent(100);
    series.sent(900);
    series.record(buildResult({ dueAtMs: 50, sentAtMs: 100, endedAtMs: 950 }));
    series.record(buildResult({ dueAtMs: 800, sentAtMs: 900, endedAtMs: 1_800, failure: 'reset', isLate: true }));
    series.record({ endpoint: 0, dueAtMs: 900, endedAtMs: 1_900, isLate: true, failure: 'timeout', bytes: 0 });
    const { stepSeconds, steps } = reportSeries(series.steps());
    expect(stepSeconds).toBe(1);
    expect(steps).toMatchObject([
      { startSeconds: 0, sent: 2, ok: 1, failed: 0, late: 0, inFlight: 1, latencySeconds: { p50: 0.9, max: 0.9 } },
      { startSeconds: 1, sent: 0, ok: 0, failed: 2, unsent: 1, late: 2, inFlight: 0, serviceTimeSeconds: { max: 0.9 } },
    ]);
  });

  it('tells each second once, when it is over', () => {
    const series = secondly(2);
    expect(series.takeSeconds(1_999).map(({ startSeconds }) => startSeconds)).toEqual([0]);
    expect(series.takeSeconds(2_000)).toMatchObject([{ startSeconds: 1, sent: 1, ok: 1, inFlight: 0 }]);
    expect(series.takeSeconds(2_000)).toEqual([]);
  });

  it('has a step for a second in which nothing happened', () => {
    const series = createSeries();
    series.sent(2_100);
    expect(series.takeSeconds(3_000).map(({ sent }) => sent)).toEqual([0, 0, 1]);
  });

  it('tells a reader that was away the last ten seconds', () => {
    expect(
      secondly(30)
        .takeSeconds(30_000)
        .map(({ startSeconds }) => startSeconds),
    ).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it.each([
    [899, 1, 899],
    [900, 1, 900],
    [901, 2, 451],
    [86_400, 128, 675],
  ])('of %i seconds has steps of %i s, %i of them', (seconds, stepSeconds, length) => {
    const kept = secondly(seconds).steps();
    expect([kept.stepSeconds, kept.steps.length]).toEqual([stepSeconds, length]);
    expect(kept.steps.length).toBeLessThanOrEqual(MAX_STEPS);
    expect(kept.steps.reduce((sum, { ok }) => sum + ok, 0)).toBe(seconds);
    expect(kept.steps.slice(0, -1).every(({ sent }) => sent === stepSeconds)).toBe(true);
  });

  it('is the same after it was written and read', () => {
    const kept = secondly(5, 700).steps();
    expect(readSeries(reportSeries(kept))).toEqual(kept);
  });
});
