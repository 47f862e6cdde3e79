import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricNames } from '../../model/metrics.ts';
import { decodeMetric, decodeRow, encodeRow, mergeRows, rowOfSample, storedMetrics } from './encoding.ts';
import type { Summary } from './summary.ts';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const summary: fc.Arbitrary<Summary> = fc
  .record({ count: fc.integer({ min: 1, max: 5000 }), values: fc.tuple(float, float, float) })
  .map(({ count, values }) => {
    const [min = 0, mean = 0, max = 0] = values.toSorted((a, b) => a - b);
    return min === max ? { count, min, mean: min, max: min } : { count, min, mean, max };
  });
const row = fc.array(fc.option(summary, { nil: undefined }), {
  minLength: storedMetrics.length,
  maxLength: storedMetrics.length,
});

describe('rows on disk', () => {
  it('know every metric, and no more than the masks have bits', () => {
    expect([...storedMetrics].sort()).toEqual([...metricNames].sort());
    expect(storedMetrics.length).toBeLessThanOrEqual(16);
  });

  it('come back as they went', () => {
    fc.assert(
      fc.property(row, (written) => {
        const data = encodeRow(written);
        expect(decodeRow(data)).toEqual(written);
        for (const [index, metric] of storedMetrics.entries())
          expect(decodeMetric(data, metric)).toEqual(written[index]);
      }),
    );
  });

  it('of a sample with all metrics take 60 bytes, of a quiet interval no more', () => {
    const values = Object.fromEntries(metricNames.map((metric) => [metric, 1]));
    const sample = rowOfSample({ targetId: 'web', at: 0, values });
    expect(encodeRow(sample)).toHaveLength(8 + 13 * 4);
    expect(encodeRow(mergeRows(sample, sample))).toHaveLength(8 + 13 * 4);
  });

  it('leave out what a 32-bit float cannot hold', () => {
    expect(rowOfSample({ targetId: 'web', at: 0, values: { cpu: 1e300, up: 1 } }).filter(Boolean)).toHaveLength(1);
  });

  it('merge with counts of their own for metrics that were missing at times', () => {
    const both = rowOfSample({ targetId: 'web', at: 0, values: { cpu: 10, latency: 1 } });
    const one = rowOfSample({ targetId: 'web', at: 1, values: { cpu: 40 } });
    const merged = mergeRows(mergeRows(both, one), one);
    expect(decodeMetric(encodeRow(merged), 'cpu')).toEqual({ count: 3, min: 10, mean: 30, max: 40 });
    expect(decodeMetric(encodeRow(merged), 'latency')).toEqual({ count: 1, min: 1, mean: 1, max: 1 });
  });
});
