import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport, buildResult, HEALTHY } from './builders.ts';
import { FAILURE_KINDS } from './failure.ts';
import { mergeReports } from './merge.ts';
import type { RequestResult } from './queue.ts';
import type { Report, RunFacts } from './report.ts';

const NAMES = ['GET /', 'GET /health', 'POST /orders'];

function reportOf(results: readonly RequestResult[], changes: Partial<RunFacts> = {}): Report {
  return buildReport(results, { endpointNames: NAMES, plannedRate: 0, sentRate: 0, ...changes });
}

/** As a launcher gets it: written to a pipe and parsed again. */
function overPipe(report: Report): Report {
  return JSON.parse(JSON.stringify(report)) as Report;
}

const results = fc
  .record({
    endpoint: fc.nat(NAMES.length - 1),
    dueAtMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    waitMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    serviceMs: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined }),
    isLate: fc.boolean(),
    status: fc.option(fc.constantFrom(200, 404, 500), { nil: undefined }),
    failure: fc.option(fc.constantFrom(...FAILURE_KINDS), { nil: undefined }),
    bytes: fc.nat(100_000),
  })
  .map(({ endpoint, dueAtMs, waitMs, serviceMs, isLate, status, failure, bytes }): RequestResult => {
    const sent = serviceMs === undefined ? {} : { sentAtMs: dueAtMs + waitMs };
    const outcome = { ...(status !== undefined && { status }), ...(failure !== undefined && { failure }), bytes };
    return { endpoint, dueAtMs, ...sent, endedAtMs: dueAtMs + waitMs + (serviceMs ?? 0), isLate, ...outcome };
  });

describe('mergeReports', () => {
  it('makes of the reports of many generators the report of one that sent all', () => {
    const shared = fc.array(fc.tuple(results, fc.nat(4)), { maxLength: 40 });
    fc.assert(
      fc.property(shared, fc.integer({ min: 1, max: 5 }), (sent, generators) => {
        const parts = Array.from({ length: generators }, (_, index) =>
          sent.filter(([, owner]) => owner % generators === index).map(([result]) => result),
        );
        const merged = mergeReports(parts.map((part) => overPipe(reportOf(part))));
        const whole = mergeReports([reportOf(sent.map(([result]) => result))]);
        expect(merged).toEqual({ ...whole, generators });
      }),
      { numRuns: 30 },
    );
  });

  it('changes nothing in a single report', () => {
    const report = reportOf([
      { endpoint: 0, dueAtMs: 0, sentAtMs: 1, endedAtMs: 8, isLate: false, status: 200, bytes: 9 },
    ]);
    expect(mergeReports([report])).toEqual(report);
  });

  it('lasts from the first start to the last end, and was stopped when one was', () => {
    const merged = mergeReports([
      reportOf([], { startedAtMs: 2_000, durationMs: 10_000 }),
      reportOf([], { startedAtMs: 1_000, durationMs: 5_000, ended: 'stopped', plannedRequests: Infinity }),
    ]);
    expect(merged).toMatchObject({
      startedAt: '1970-01-01T00:00:01.000Z',
      durationSeconds: 11,
      ended: 'stopped',
      generators: 2,
      plannedRequests: null,
    });
  });

  it('shifts the series of a generator that started later by whole seconds', () => {
    const first = reportOf([buildResult({ dueAtMs: 100 })], { startedAtMs: 10_000 });
    const second = reportOf([buildResult({ dueAtMs: 200 })], { startedAtMs: 12_400 });
    const { series } = mergeReports([second, first]);
    expect(series.steps.map(({ sent, ok }) => [sent, ok])).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ]);
  });

  it('makes the steps of the series longer when generators started far apart', () => {
    const { series } = mergeReports([
      reportOf([buildResult()], { startedAtMs: 0 }),
      reportOf([buildResult()], { startedAtMs: 3_600_000 }),
    ]);
    expect([series.stepSeconds, series.steps.length]).toEqual([8, 451]);
    expect(series.steps.reduce((sum, { ok }) => sum + ok, 0)).toBe(2);
  });

  it('is unreliable when one of the generators was', () => {
    const merged = mergeReports([
      reportOf([]),
      reportOf([], { generator: { ...HEALTHY, reliable: false, reasons: ['late'] } }),
    ]);
    expect(merged.generator).toMatchObject({ reliable: false, reasons: ['late'] });
  });

  it('refuses to merge nothing', () => {
    expect(() => mergeReports([])).toThrow('there is no report to merge');
  });
});
