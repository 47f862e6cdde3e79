import fc from 'fast-check';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import {
  addDistribution,
  addSparse,
  clearDistribution,
  countOf,
  createDistribution,
  decodeDistribution,
  encodeDistribution,
  meanOf,
  quantiles,
  recordMs,
  toSparse,
  type Distribution,
  type Resolution,
} from './distribution.ts';

const PARTS = [0.0001, 0.5, 0.9, 0.99, 0.999, 1];

function distributionOf(resolution: Resolution, microseconds: readonly number[]): Distribution {
  const distribution = createDistribution(resolution);
  for (const us of microseconds) recordMs(distribution, us / 1_000);
  return distribution;
}

/** Spread over all magnitudes, with the edges of the buckets. */
const microseconds = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 120_000_000 }),
    fc.double({ min: 0, max: 8, noNaN: true }).map((power) => Math.round(10 ** power)),
    fc.tuple(fc.nat(26), fc.integer({ min: -1, max: 1 })).map(([power, off]) => Math.max(2 ** power + off, 0)),
  ),
  { minLength: 1, maxLength: 200 },
);
const resolution = fc.constantFrom<Resolution>('fine', 'coarse');

describe('a distribution', () => {
  it('is the HdrHistogram of the same values: percentiles, mean and encoding', () => {
    fc.assert(
      fc.property(microseconds, resolution, (values, chosen) => {
        const ours = distributionOf(chosen, values);
        const theirs = build({
          lowestDiscernibleValue: 1,
          highestTrackableValue: 120_000_000,
          numberOfSignificantValueDigits: chosen === 'fine' ? 3 : 2,
          bitBucketSize: 64,
        });
        for (const value of values) theirs.recordValue(value);
        const max = Math.max(...values);
        expect(quantiles(ours, PARTS)).toEqual(
          PARTS.map((part) => Math.min(theirs.getValueAtPercentile(part * 100), max) / 1e6),
        );
        expect(Math.abs(meanOf(ours) - Math.min(theirs.mean, max) / 1e6)).toBeLessThan(
          1e-6 * Math.max(meanOf(ours), 1),
        );
        expect(encodeDistribution(ours)).toBe(encodeIntoCompressedBase64(theirs));
      }),
      { numRuns: 100 },
    );
  });

  it('comes back from its encoding as it was', () => {
    fc.assert(
      fc.property(microseconds, resolution, (values, chosen) => {
        const original = distributionOf(chosen, values);
        expect(decodeDistribution(chosen, encodeDistribution(original), original.maxUs / 1e6)).toEqual(original);
      }),
      { numRuns: 50 },
    );
  });

  it('of many parts is that of all values, also when a fine one is added to a coarse one', () => {
    fc.assert(
      fc.property(microseconds, microseconds, resolution, (some, others, chosen) => {
        const merged = distributionOf('coarse', some);
        addDistribution(merged, distributionOf(chosen, others));
        expect(merged).toEqual(distributionOf('coarse', [...some, ...others]));
      }),
      { numRuns: 50 },
    );
  });

  it('is kept by its filled buckets without loss', () => {
    fc.assert(
      fc.property(microseconds, resolution, (values, chosen) => {
        const again = createDistribution(chosen);
        addSparse(again, toSparse(distributionOf(chosen, values)));
        expect(again).toEqual(distributionOf(chosen, values));
      }),
      { numRuns: 50 },
    );
  });

  it('takes what is below 0 as 0 and what is too long as two minutes', () => {
    const distribution = distributionOf('fine', [-5_000, 999_000_000_000]);
    expect(quantiles(distribution, [0.5, 1])).toEqual([0, 120]);
    expect(countOf(distribution)).toBe(2);
  });

  it('is empty at first and after clearing', () => {
    const distribution = distributionOf('fine', [70]);
    clearDistribution(distribution);
    expect(distribution).toEqual(createDistribution('fine'));
    expect([quantiles(distribution, [0.5]), meanOf(distribution)]).toEqual([[0], 0]);
  });

  it('is not made of what is no histogram', () => {
    expect(() => decodeDistribution('fine', 'HISTnonsense', 1)).toThrow(/.+/);
  });
});
