import { expect, it } from 'vitest';
import { mergeSeries } from './merge-series.ts';
import type { SeriesStep } from './protocol.ts';

const latency = (p50: number) => ({ p50, p95: p50 * 2, p99: p50 * 3, max: p50 * 4 });
const step = (startSeconds: number, requests: number, p50 = 0.1): SeriesStep => ({
  startSeconds,
  seconds: 1,
  requests,
  errors: 1,
  latency: latency(p50),
});

it('is that of one generator as it stands', () => {
  expect(mergeSeries([{ startedAt: 10_000, series: [step(0, 50), step(1, 0)] }])).toEqual([
    { at: 10_000, rate: 50, errors: 1, latency: latency(0.1) },
    { at: 11_000, rate: 0, errors: 1, latency: undefined },
  ]);
});

it('adds up generators that began within the same second, with the worst of their times', () => {
  const merged = mergeSeries([
    { startedAt: 10_000, series: [step(0, 50), step(1, 50)] },
    { startedAt: 10_100, series: [step(0, 30, 0.4), { ...step(1, 60), seconds: 2 }] },
  ]);
  expect(merged).toEqual([
    { at: 10_000, rate: 80, errors: 2, latency: latency(0.4) },
    { at: 11_000, rate: 80, errors: 2, latency: latency(0.1) },
  ]);
});

it('is empty without steps', () => {
  expect(mergeSeries([{ startedAt: 0, series: [] }])).toEqual([]);
});
