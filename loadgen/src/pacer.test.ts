import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAt, pace, rateAt } from './pacer.ts';
import { createPlan, type Plan, type StageSpec } from './plan.ts';

const constant = (seconds: number, ratePerSecond: number): StageSpec => ({
  durationMs: seconds * 1_000,
  ratePerSecond,
  shape: 'constant',
});
const ramp = (seconds: number, ratePerSecond: number): StageSpec => ({
  ...constant(seconds, ratePerSecond),
  shape: 'ramp',
});

describe('pace', () => {
  const tenASecond = [constant(10, 10)];
  const upHoldDown = [ramp(10, 10), constant(10, 10), ramp(10, 0)];
  const pauseFirst = [constant(5, 0), constant(5, 2)];
  const endless = [{ ...constant(1, 5), durationMs: Infinity }];
  it.each<[string, readonly StageSpec[], number, number]>([
    ['nothing before the start', tenASecond, -1, 0],
    ['nothing at the start', tenASecond, 0, 0],
    ['the first in the middle of its interval', tenASecond, 50, 1],
    ['not a moment earlier', tenASecond, 49.9, 0],
    ['ten a second', tenASecond, 1_000, 10],
    ['all at the end', tenASecond, 10_000, 100],
    ['no more after the end', tenASecond, 60_000, 100],
    ['a quarter of a ramp at half of its time', upHoldDown, 5_000, 13],
    ['half of rate by time at the end of a ramp', upHoldDown, 10_000, 50],
    ['the hold on top', upHoldDown, 20_000, 150],
    ['three quarters of the way down at half of the time', upHoldDown, 25_000, 188],
    ['the whole triangle', upHoldDown, 30_000, 200],
    ['nothing in a stage of rate 0', pauseFirst, 5_000, 0],
    ['the stage after a pause', pauseFirst, 10_000, 10],
    ['no end of a run without an end', endless, 86_400_000 * 365, 5 * 86_400 * 365],
  ])('has due: %s', (_name, specs, elapsedMs, expected) => {
    expect(pace(createPlan(specs), elapsedMs)).toBe(expected);
  });
});

describe('rateAt', () => {
  const plan = createPlan([ramp(10, 10), constant(10, 30)]);
  it.each([
    [-1, 0],
    [0, 0],
    [5_000, 5],
    [10_000, 30],
    [19_999, 30],
    [20_000, 0],
  ])('at %d ms is %d', (elapsedMs, expected) => {
    expect(rateAt(plan, elapsedMs)).toBeCloseTo(expected);
  });
});

describe('the schedule', () => {
  const stage = fc.record({
    durationMs: fc.integer({ min: 1, max: 600_000 }),
    ratePerSecond: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 20_000 }),
      fc.double({ min: 0, max: 50, noNaN: true }),
    ),
    shape: fc.constantFrom('ramp', 'constant'),
  });
  const plans = fc
    .array(stage, { minLength: 1, maxLength: 8 })
    .filter((specs) => area(specs) >= 1)
    .map((specs) => ({ specs, plan: createPlan(specs) }));
  const part = fc.double({ min: 0, max: 1.1, noNaN: true });

  it('never takes a request back as time goes on', () => {
    fc.assert(
      fc.property(plans, part, part, ({ plan }, one, other) => {
        const [early, later] = [one, other].map((value) => value * plan.durationMs).sort((a, b) => a - b);
        expect(pace(plan, early ?? 0)).toBeLessThanOrEqual(pace(plan, later ?? 0));
      }),
    );
  });

  it('has the area under the rates, rounded, as its exact total', () => {
    fc.assert(
      fc.property(plans, ({ specs, plan }) => {
        expect(Math.abs(plan.totalRequests - area(specs))).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(pace(plan, plan.durationMs)).toBe(plan.totalRequests);
      }),
    );
  });

  it('is within one request of the area at any time', () => {
    fc.assert(
      fc.property(plans, part, ({ specs, plan }, share) => {
        const elapsedMs = share * plan.durationMs;
        expect(Math.abs(pace(plan, elapsedMs) - area(specs, elapsedMs))).toBeLessThanOrEqual(0.5 + 1e-3);
      }),
    );
  });

  it('has each request due at the time when pace counts it, and no sooner', () => {
    fc.assert(
      fc.property(plans, fc.nat(), ({ plan }, seed) => {
        const index = seed % plan.totalRequests;
        const at = dueAt(plan, index);
        const slackMs = 1e-3 + slack(plan, at);
        expect(pace(plan, at + slackMs)).toBeGreaterThan(index);
        expect(pace(plan, at - slackMs)).toBeLessThanOrEqual(index);
      }),
    );
  });

  it('has the requests due in their order, and none beyond the last', () => {
    fc.assert(
      fc.property(plans, fc.nat(), ({ plan }, seed) => {
        const index = seed % plan.totalRequests;
        expect(dueAt(plan, index)).toBeLessThanOrEqual(dueAt(plan, index + 1));
        expect(dueAt(plan, plan.totalRequests)).toBe(Infinity);
      }),
    );
  });
});

/** Where the rate is next to nothing, a rounding error of the count is a long time. */
function slack(plan: Plan, atMs: number): number {
  const rate = Math.min(rateAt(plan, atMs - 1e-3) || 1e-3, rateAt(plan, atMs + 1e-3) || 1e-3);
  return Math.min(1e-2 / rate, 10);
}

/** Expected requests until `untilMs`, by the trapezium rule, written down a second time and more simply. */
function area(specs: readonly StageSpec[], untilMs: number = Infinity): number {
  let [sum, rate, start] = [0, 0, 0];
  for (const { durationMs, ratePerSecond, shape } of specs) {
    const from = shape === 'constant' ? ratePerSecond : rate;
    const spent = Math.min(Math.max(untilMs - start, 0), durationMs);
    const to = from + (ratePerSecond - from) * (spent / durationMs);
    sum += ((from + to) / 2) * (spent / 1_000);
    [rate, start] = [ratePerSecond, start + durationMs];
  }
  return sum;
}
