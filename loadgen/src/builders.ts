/** For tests: reports of made-up results; set what matters. */
import { createMeasure, type Measure } from './measure.ts';
import type { RequestResult } from './queue.ts';
import { createReport, type Report, type RunFacts } from './report.ts';
import type { GeneratorHealth } from './saturation.ts';

export const HEALTHY: GeneratorHealth = {
  reliable: true,
  reasons: [],
  eventLoopDelaySeconds: { p50: 0, p99: 0.001, max: 0.002 },
  cpu: { mean: 0.2, max: 0.3 },
  seconds: 60,
  saturatedSeconds: 0,
};

/** An answer 200 of 10 ms. */
export function buildResult(fields: Partial<RequestResult> = {}): RequestResult {
  const dueAtMs = fields.dueAtMs ?? 0;
  return {
    endpoint: 0,
    dueAtMs,
    sentAtMs: dueAtMs,
    endedAtMs: dueAtMs + 10,
    isLate: false,
    status: 200,
    bytes: 5,
    ...fields,
  };
}

/** As a run would tell them: everything at its time. */
export function measureOf(results: readonly RequestResult[], endpointCount: number): Measure {
  const measure = createMeasure(endpointCount);
  const told = results.flatMap((result) => [
    ...(result.sentAtMs === undefined
      ? []
      : [{ atMs: result.sentAtMs, tell: () => measure.sent(result.sentAtMs ?? 0) }]),
    { atMs: result.endedAtMs, tell: () => measure.record(result) },
  ]);
  for (const { tell } of told.toSorted((one, other) => one.atMs - other.atMs)) tell();
  return measure;
}

export function buildReport(results: readonly RequestResult[], changes: Partial<RunFacts> = {}): Report {
  const facts: RunFacts = {
    url: 'http://webapp:8000/',
    startedAtMs: 1_000_000,
    durationMs: 60_000,
    ended: 'completed',
    generators: 1,
    plannedRequests: results.length,
    warmUp: { requests: 0, errors: 0 },
    insecure: false,
    endpointNames: ['GET /'],
    plannedRate: results.length / 60,
    sentRate: results.length / 60,
    generator: HEALTHY,
    ...changes,
  };
  return createReport(facts, measureOf(results, facts.endpointNames.length));
}
