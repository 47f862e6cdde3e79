import fc from 'fast-check';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { buildProgress, buildReport } from './builders.ts';
import { mergeProgress, mergeReports } from './merge.ts';
import type { EncodedDistribution, ReportLine } from './protocol.ts';

function distributionOf(microseconds: readonly number[]): EncodedDistribution {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 120_000_000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  });
  for (const value of microseconds) histogram.recordValue(value);
  return { encoded: encodeIntoCompressedBase64(histogram), maxSeconds: Math.max(0, ...microseconds) / 1e6 };
}

function reportOf(microseconds: readonly number[], fields: Partial<ReportLine> = {}): ReportLine {
  const distribution = distributionOf(microseconds);
  const counts = {
    requests: microseconds.length,
    errors: 0,
    late: 0,
    failures: {},
    latency: distribution,
    serviceTime: distribution,
  };
  return buildReport({ ...counts, endpoints: [{ name: 'GET /', ...counts }], ...fields });
}

const times = fc.array(fc.integer({ min: 0, max: 120_000_000 }), { minLength: 1, maxLength: 50 });

describe('merged reports', () => {
  it('are the report of one generator of all requests', () => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), (parts) => {
        const merged = mergeReports(parts.map((part) => reportOf(part)));
        const whole = mergeReports([reportOf(parts.flat())]);
        expect(merged.summary.latency).toEqual(whole.summary.latency);
        expect(merged.summary.serviceTime).toEqual(whole.summary.serviceTime);
        expect(merged.endpoints).toEqual(whole.endpoints);
        expect(merged.summary.requests).toBe(parts.flat().length);
      }),
      { numRuns: 30 },
    );
  });

  it('last from the first start to the last end', () => {
    const first = reportOf(
      Array.from({ length: 100 }, () => 1000),
      { startedAt: 0, durationSeconds: 10 },
    );
    const second = reportOf(
      Array.from({ length: 100 }, () => 1000),
      { startedAt: 10_000, durationSeconds: 10 },
    );
    expect(mergeReports([first, second]).summary.rate).toBe(10);
  });

  it('are to be doubted when one of them is, with each doubt once', () => {
    const doubtful = reportOf([1], { doubts: ['it was busy'] });
    expect(mergeReports([reportOf([1]), doubtful, doubtful]).doubts).toEqual(['it was busy']);
  });

  it('add up failures', () => {
    const one = reportOf([1], { failures: { timeout: 2 } });
    expect(mergeReports([one, one])).toMatchObject({ failures: { timeout: 4 } });
  });
});

describe('merged progress', () => {
  it('adds counts and takes the worst percentile', () => {
    const slow = buildProgress({ errors: 5, latencySeconds: { p50: 1, p90: 2, p95: 3, p99: 4, max: 5 } });
    expect(mergeProgress([buildProgress(), slow])).toMatchObject({
      requests: 10,
      rate: 10,
      errorRate: 0.5,
      latency: { p95: 3 },
      serviceTime: { p95: 0.03 },
    });
  });

  it('has no latency before the first answer', () => {
    expect(mergeProgress([buildProgress({ requests: 0 })]).latency).toBeUndefined();
  });
});
