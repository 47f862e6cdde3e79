import { describe, expect, it } from 'vitest';
import { buildReport, measureOf } from './builders.ts';
import type { Measure } from './measure.ts';
import { createJsonOutput, createTerminalOutput, type Sink } from './output.ts';
import { createPlan } from './plan.ts';
import { createProgress } from './progress.ts';
import type { RequestResult } from './queue.ts';
import { summary } from './terminal.ts';
import type { Report } from './report.ts';

const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const ENDPOINTS = ['GET /', 'GET /health'];
const GOOD: RequestResult = {
  endpoint: 0,
  dueAtMs: 50,
  sentAtMs: 51,
  endedAtMs: 62.3,
  isLate: false,
  status: 200,
  bytes: 90,
};
const BAD: RequestResult = { endpoint: 1, dueAtMs: 80, endedAtMs: 1_080, isLate: true, failure: 'timeout', bytes: 0 };

function fakeSink(writableLength = 0): Sink & { text: string } {
  const sink = {
    text: '',
    writableLength,
    columns: 120,
    write: (text: string) => {
      sink.text += text;
    },
  };
  return sink;
}

function measured(...results: RequestResult[]): Measure {
  return measureOf(results, ENDPOINTS.length);
}

function report(...results: RequestResult[]): Report {
  const facts = { startedAtMs: NOW, durationMs: 2_000, plannedRequests: 2, endpointNames: ENDPOINTS };
  return buildReport(results, facts);
}

const plan = createPlan([{ durationMs: 2_000, ratePerSecond: 1, shape: 'constant' }]);

describe('createProgress', () => {
  it('tells the rate since the last time and the counts since the start', () => {
    const measure = measured(GOOD);
    const progress = createProgress(plan, measure);
    expect(progress({ elapsedMs: 500, inFlight: 1 })).toMatchObject({
      progress: 0.25,
      rate: 2,
      requests: 1,
      errors: 0,
    });
    measure.record(BAD);
    expect(progress({ elapsedMs: 1_500, inFlight: 0 })).toMatchObject({
      elapsedSeconds: 1.5,
      progress: 0.75,
      plannedRate: 1,
      rate: 1,
      requests: 2,
      errors: 1,
      errorRate: 0.5,
      late: 1,
      unsent: 1,
      latencySeconds: { max: 1 },
    });
  });

  it('knows no progress of a run without an end', () => {
    const endless = createPlan([{ durationMs: Infinity, ratePerSecond: 1, shape: 'constant' }]);
    expect(createProgress(endless, measured())({ elapsedMs: 500, inFlight: 0 })).toMatchObject({
      progress: null,
      latencySeconds: { p99: 0, max: 0 },
    });
  });
});

describe('the summary of a run', () => {
  const facts = { endpointNames: ENDPOINTS };
  it('says loudly that the certificate was not checked', () => {
    expect(summary(buildReport([GOOD], { ...facts, insecure: true }))).toContain(
      "!!! INSECURE: the target's certificate was not checked (--insecure)",
    );
    expect(summary(buildReport([GOOD], facts))).not.toContain('INSECURE');
  });

  it('tells the warm-up apart', () => {
    const warmed = summary(buildReport([GOOD], { ...facts, warmUp: { requests: 20, errors: 3 } }));
    expect(warmed).toContain('Warm-up   20 requests before the plan, 3 of them failed; counted nowhere else');
  });
});

describe('createJsonOutput', () => {
  it('writes one JSON object a line', () => {
    const sink = fakeSink();
    const output = createJsonOutput(sink, () => NOW);
    output.request('GET /', GOOD);
    output.progress(createProgress(plan, measured(GOOD))({ elapsedMs: 1_000, inFlight: 0 }));
    output.report(report(GOOD, BAD));
    const lines = sink.text.trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { type: 'request', at: '2026-01-02T03:04:05.678Z', endpoint: 'GET /', status: 200, latencySeconds: 0.0123 },
      { type: 'progress', requests: 1 },
      { type: 'report', version: 1, requests: 2, statuses: { 200: 1 }, failures: { timeout: 1 }, rate: 1 },
    ]);
  });

  it('leaves out lines of requests, and says how many, while its reader is behind', () => {
    const sink = fakeSink(2_000_000);
    const output = createJsonOutput(sink, () => NOW);
    output.request('GET /', GOOD);
    output.request('GET /', GOOD);
    expect(sink.text).toBe('');
    output.progress(createProgress(plan, measured())({ elapsedMs: 1_000, inFlight: 0 }));
    expect(JSON.parse(sink.text)).toMatchObject({ skippedRequestLines: 2 });
  });
});

function live(sink: Sink): void {
  const progress = createProgress(plan, measured(GOOD, BAD));
  createTerminalOutput(sink, 'high', () => NOW).progress(progress({ elapsedMs: 1_000, inFlight: 0 }));
}

describe('createTerminalOutput', () => {
  it('shows bar, rate, percentiles and errors on one line', () => {
    const sink = fakeSink();
    live(sink);
    expect(sink.text).toBe(
      '\r\u001b[2Khigh  [##########..........]  50%  1.0s  2.0 of 1.0/s  p50 12.3ms p95 1.00s p99 1.00s  errors 1 (50.0%)  late 1',
    );
  });

  it('shows errors on a terminal of 80 columns too', () => {
    const sink = { ...fakeSink(), columns: 80 };
    let text = '';
    live({ ...sink, write: (part: string) => (text += part) });
    expect(text).toBe('\r\u001b[2K 50%  1.0s  2.0 of 1.0/s  p95 1.00s p99 1.00s  errors 1 (50.0%)  late 1');
  });

  it('never wraps the live line of a narrow terminal', () => {
    const sink = { ...fakeSink(), columns: 30 };
    let text = '';
    live({ ...sink, write: (part: string) => (text += part) });
    expect(text.replace('\r\u001b[2K', '')).toHaveLength(29);
  });

  it('keeps the live line below the lines of requests', () => {
    const sink = fakeSink();
    const output = createTerminalOutput(sink, 'high', () => NOW);
    output.request('GET /', GOOD);
    output.request('GET /health', BAD);
    expect(sink.text.replaceAll('\r\u001b[2K', '')).toBe(
      '03:04:05.678 200 GET / 12.3ms\n03:04:05.678 timeout GET /health 1.00s late\n',
    );
  });

  it('says that it waits when it is stopped, and for how long', () => {
    const sink = fakeSink();
    createTerminalOutput(sink, 'high', () => NOW).stopping();
    expect(sink.text).toMatch(/Stopping: .* up to 5 s; once more ends at once, without a report\.\n$/);
  });

  it('sums up for a person', () => {
    const sink = fakeSink();
    createTerminalOutput(sink, 'high', () => NOW).report(report(GOOD, BAD));
    expect(sink.text).toContain('Finished: 2 of 2 planned requests in 2.0s, 1.0/s, http://webapp:8000/');
    expect(sink.text).toContain('Errors    1 (50.0%): timeout 1');
    expect(sink.text).toContain('Late      1 (50.0%) waited for a free connection, 1 of them gave up unsent');
    expect(sink.text).toMatch(/GET \/health +1 +1 +1\.00s/);
  });
});
