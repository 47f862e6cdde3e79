import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILURE_KINDS } from './failure.ts';
import { createMeasure } from './measure.ts';
import { mergeReports } from './merge.ts';
import type { RequestResult } from './queue.ts';
import { createReport, type Report, type RunFacts } from './report.ts';

const NAMES = ['GET /', 'GET /health', 'POST /orders'];

function reportOf(results: readonly RequestResult[], changes: Partial<RunFacts> = {}): Report {
  const measure = createMeasure(NAMES.length);
  for (const result of results) measure.record(result);
  const facts: RunFacts = {
    url: 'http://webapp:8000/',
    startedAtMs: 1_000_000,
    durationMs: 60_000,
    ended: 'completed',
    generators: 1,
    plannedRequests: results.length,
    endpointNames: NAMES,
    ...changes,
  };
  return createReport(facts, measure);
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
    const shared = fc.array(fc.tuple(results, fc.nat(4)), { maxLength: 60 });
    fc.assert(
      fc.property(shared, fc.integer({ min: 1, max: 5 }), (sent, generators) => {
        const parts = Array.from({ length: generators }, (_, index) =>
          sent.filter(([, owner]) => owner % generators === index).map(([result]) => result),
        );
        const merged = mergeReports(parts.map((part) => overPipe(reportOf(part))));
        const whole = mergeReports([reportOf(sent.map(([result]) => result))]);
        expect(merged).toEqual({ ...whole, generators });
      }),
      { numRuns: 50 },
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

  it('refuses to merge nothing', () => {
    expect(() => mergeReports([])).toThrow('there is no report to merge');
  });
});
