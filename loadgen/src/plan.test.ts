import { describe, expect, it } from 'vitest';
import { createPlan, LEVELS, parseLevel, type StageSpec } from './plan.ts';

const hold = (changes: Partial<StageSpec>): StageSpec => ({
  durationMs: 1_000,
  ratePerSecond: 10,
  shape: 'constant',
  ...changes,
});

describe('createPlan', () => {
  it('ramps from the rate of the stage before', () => {
    const plan = createPlan([hold({ ratePerSecond: 10 }), hold({ ratePerSecond: 30, shape: 'ramp' })]);
    expect(plan).toMatchObject({ durationMs: 2_000, totalRequests: 30 });
    expect(plan.stages[1]).toMatchObject({ startMs: 1_000, startRate: 10, endRate: 30, startCount: 10, endCount: 30 });
  });

  it('runs without an end on a single constant rate', () => {
    expect(createPlan([hold({ durationMs: Infinity })])).toMatchObject({
      durationMs: Infinity,
      totalRequests: Infinity,
    });
  });

  it.each<[string, readonly StageSpec[], RegExp]>([
    ['no stage', [], /asks for no request/],
    ['only rate 0', [hold({ ratePerSecond: 0 })], /asks for no request/],
    ['less than half a request', [hold({ ratePerSecond: 0.4 })], /asks for no request/],
    ['a negative rate', [hold({ ratePerSecond: -1 })], /rate is from 0 to 100000/],
    ['a rate that is no number', [hold({ ratePerSecond: Number.NaN })], /rate is from 0/],
    ['a rate out of reach', [hold({ ratePerSecond: 100_001 })], /not 100001/],
    ['an empty stage', [hold({ durationMs: 0 })], /longer than 0/],
    ['more than a day', [hold({ durationMs: 86_400_001 })], /at most 24h/],
    ['an endless ramp', [hold({ durationMs: Infinity, shape: 'ramp' })], /single constant rate/],
    ['an endless stage among others', [hold({}), hold({ durationMs: Infinity })], /single constant rate/],
    ['too many stages', Array.from({ length: 101 }, () => hold({})), /at most 100 stages/],
  ])('refuses %s', (_name, specs, message) => {
    expect(() => createPlan(specs)).toThrow(message);
  });
});

describe('LEVELS', () => {
  it.each([
    ['low', 2, 5],
    ['medium', 5, 20],
    ['high', 10, 50],
    ['extreme', 20, 100],
  ])('%s has %d connections and %d requests a second', (name, connections, ratePerSecond) => {
    expect(LEVELS[parseLevel('level', name)]).toEqual({ connections, ratePerSecond });
  });

  it('names the known levels when one is unknown', () => {
    expect(() => parseLevel('--level', 'constructor')).toThrow(
      '--level "constructor" is not known: choose low, medium, high, extreme',
    );
  });
});
