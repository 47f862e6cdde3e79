import { describe, expect, it } from 'vitest';
import { sampleOf, studentQuantile, welchInterval } from './statistics.ts';

describe('studentQuantile', () => {
  // Of the tables of Student's distribution.
  it.each([
    [0.05, 1, 12.7062],
    [0.05, 2, 4.30265],
    [0.05, 10, 2.22814],
    [0.01, 10, 3.16927],
    [0.001, 30, 3.64596],
    [0.01, 120, 2.61742],
    [0.05, 1e6, 1.95997],
  ])('of %d with %d degrees of freedom is %d', (twoSided, degrees, t) => {
    expect(studentQuantile(twoSided, degrees)).toBeCloseTo(t, 4);
  });
});

describe('welchInterval', () => {
  it('is that of a worked example', () => {
    // Means 10 and 12, variances 4 and 9, ten each: s = 1.140175, 15.67 degrees of freedom, t = 2.1236.
    const base = { mean: 10, variance: 4, size: 10 };
    const { low, high } = welchInterval(base, { mean: 12, variance: 9, size: 10 }, 0.95);
    expect([low, high].map((value) => Number(value.toFixed(2)))).toEqual([-0.42, 4.42]);
  });

  it('is a point without variance', () => {
    expect(welchInterval(sampleOf([1, 1]), sampleOf([3, 3]), 0.99)).toEqual({ low: 2, high: 2 });
  });
});
