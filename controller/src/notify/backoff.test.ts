import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  it.each([
    ['network', 1, 1000],
    ['network', 2, 2000],
    ['server', 5, 16_000],
    ['timeout', 9, 256_000],
    ['throttled', 10, 300_000],
    ['throttled', 10_000, 300_000],
    ['credentials', 1, 30_000],
    ['paused', 1, 300_000],
    ['quota', 1, 1_800_000],
    ['quota', 50, 7_200_000],
  ] as const)('waits after failure of the kind %s, number %d: %d ms', (reason, failures, waitMs) => {
    expect(backoffMs(reason, failures, 0)).toBe(waitMs);
  });

  it('adds at most a quarter, and never passes its bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const plain = backoffMs('network', failures, 0);
        const spread = backoffMs('network', failures, random);
        expect(spread).toBeGreaterThanOrEqual(plain);
        expect(spread).toBeLessThanOrEqual(Math.min(300_000, plain * 1.25));
      }),
    );
  });
});
