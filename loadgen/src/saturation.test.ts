import { describe, expect, it } from 'vitest';
import { HEALTHY } from './builders.ts';
import { judgeGenerator, mergeHealth, type SelfUse } from './saturation.ts';

interface Case {
  readonly self?: Partial<SelfUse>;
  readonly lag?: number;
  readonly sentRate?: number;
  readonly localFailures?: number;
}

function reasonsOf({ self = {}, lag = 0.001, sentRate = 1_000, localFailures = 0 }: Case): readonly string[] {
  const { reliable, reasons } = judgeGenerator({
    self: { ...HEALTHY, ...self },
    startLagP99Seconds: lag,
    localFailures,
    plannedRate: 1_000,
    sentRate,
  });
  expect(reliable).toBe(reasons.length === 0);
  return reasons;
}

const stood = { p50: 0, p99: 0.12, max: 0.5 };

describe('judgeGenerator', () => {
  it.each<[string, Case, readonly string[]]>([
    ['an idle generator', {}, []],
    ['a wake-up of some ms', { lag: 0.015 }, []],
    ['a full second at the start', { self: { saturatedSeconds: 1, seconds: 5 } }, []],
    ['some full seconds of many', { self: { saturatedSeconds: 3, seconds: 60 } }, []],
    ['a slow target, which leaves the generator idle', { sentRate: 500 }, []],
    ['late sending', { lag: 0.035 }, ['requests with a free connection went out 35 ms after they were due (p99)']],
    [
      'a loop that stands still',
      { self: { eventLoopDelaySeconds: stood } },
      ['its event loop stood still for 120 ms at a time (p99)'],
    ],
    ['no pause', { self: { saturatedSeconds: 30 } }, ['it was busy without a pause in 30 of 60 s']],
    [
      'a short run without a pause',
      { self: { seconds: 1, saturatedSeconds: 1 } },
      ['it was busy without a pause in 1 of 1 s'],
    ],
    [
      'want of file descriptors',
      { localFailures: 3 },
      ['its machine had no file descriptors, ports or memory for 3 connections (see ulimit -n)'],
    ],
    [
      'too high a rate',
      { self: { saturatedSeconds: 60 }, sentRate: 520 },
      ['it was busy without a pause in 60 of 60 s, and sent 520 of 1000 requests/s'],
    ],
  ])('judges %s', (_name, facts, reasons) => {
    expect(reasonsOf(facts)).toEqual(reasons);
  });
});

describe('mergeHealth', () => {
  it('is unreliable if any is, with every reason once and the worst of each measure', () => {
    const bad = { ...HEALTHY, reliable: false, reasons: ['late'], cpu: { mean: 0.9, max: 1.1 } };
    expect(mergeHealth([HEALTHY, bad, bad])).toEqual({
      ...HEALTHY,
      reliable: false,
      reasons: ['late'],
      cpu: { mean: 0.9, max: 1.1 },
    });
    expect(mergeHealth([HEALTHY, HEALTHY])).toEqual(HEALTHY);
  });
});
