/** Joins the reports of several generators into the report that one generator of all their requests would have written. */
import { addDistribution, createDistribution, decodeDistribution, type Distribution } from './distribution.ts';
import { isFailureKind } from './failure.ts';
import { createTally, type Tally } from './measure.ts';
import { createReport, type CountsWithHistograms, type Percentiles, type Report } from './report.ts';
import { mergeHealth } from './saturation.ts';
import { foldTo, MAX_STEPS, sumSteps } from './series.ts';
import { readSeries, type Steps } from './series-point.ts';

/**
 * Counts add up, histograms add up bucket by bucket, so percentiles are those of all requests together. Endpoints of the same name are one.
 * The run lasts from the first start to the last end.
 * @throws Error without a report, and on a histogram that is not one
 */
export function mergeReports(reports: readonly Report[]): Report {
  const [first] = reports;
  if (first === undefined) throw new Error('there is no report to merge');
  const total = createTally();
  const lag = createDistribution('fine');
  const endpoints = new Map<string, Tally>();
  for (const report of reports) {
    addCounts(total, report);
    addEncoded(lag, report.generator.startLagMicroseconds, report.generator.startLagSeconds);
    for (const endpoint of report.endpoints) {
      const tally = endpoints.get(endpoint.name) ?? createTally();
      endpoints.set(endpoint.name, tally);
      addCounts(tally, endpoint);
    }
  }
  const startedAtMs = Math.min(...reports.map((report) => Date.parse(report.startedAt)));
  const endedAtMs = Math.max(...reports.map((report) => Date.parse(report.startedAt) + report.durationSeconds * 1_000));
  const facts = {
    url: first.url,
    startedAtMs,
    durationMs: endedAtMs - startedAtMs,
    ended: reports.every((report) => report.ended === 'completed') ? 'completed' : 'stopped',
    generators: reports.reduce((sum, report) => sum + report.generators, 0),
    plannedRequests: reports.reduce((sum, report) => sum + (report.plannedRequests ?? Infinity), 0),
    warmUp: {
      requests: reports.reduce((sum, { warmUp }) => sum + warmUp.requests, 0),
      errors: reports.reduce((sum, { warmUp }) => sum + warmUp.errors, 0),
    },
    insecure: reports.some(({ insecure }) => insecure),
    endpointNames: [...endpoints.keys()],
    plannedRate: reports.reduce((sum, report) => sum + report.plannedRate, 0),
    sentRate: reports.reduce((sum, report) => sum + report.sentRate, 0),
    generator: mergeHealth(reports.map(({ generator }) => generator)),
  } as const;
  const series = mergeSeries(reports, startedAtMs);
  return createReport(facts, { total, endpoints: [...endpoints.values()], lag, series: { steps: () => series } });
}

function addCounts(tally: Tally, counts: CountsWithHistograms): void {
  tally.requests += counts.requests;
  tally.unsent += counts.unsent;
  tally.late += counts.late;
  tally.bytes += counts.bytes;
  for (const [status, count] of Object.entries(counts.statuses)) add(tally.statuses, Number(status), count);
  for (const [kind, count] of Object.entries(counts.failures)) {
    add(tally.failures, isFailureKind(kind) ? kind : 'other', count);
  }
  addEncoded(tally.latency, counts.histograms.latencyMicroseconds, counts.latencySeconds);
  addEncoded(tally.serviceTime, counts.histograms.serviceTimeMicroseconds, counts.serviceTimeSeconds);
}

function addEncoded(distribution: Distribution, encoded: string, { max }: Percentiles): void {
  addDistribution(distribution, decodeDistribution(distribution.resolution, encoded, max));
}

/**
 * Steps are aligned on the starts, each shifted by whole steps, so that they are off by half a step at most. They are as long as the longest
 * of the parts, or as the whole needs to fit.
 */
function mergeSeries(reports: readonly Report[], startedAtMs: number): Steps {
  const parts = reports.map((report) => ({
    series: readSeries(report.series),
    delaySeconds: (Date.parse(report.startedAt) - startedAtMs) / 1_000,
  }));
  let stepSeconds = Math.max(...parts.map(({ series }) => series.stepSeconds));
  const endSeconds = parts.map(({ series, delaySeconds }) => delaySeconds + series.steps.length * series.stepSeconds);
  while (Math.max(...endSeconds) / stepSeconds > MAX_STEPS) stepSeconds *= 2;
  const shifted = parts.map(({ series, delaySeconds }) => ({
    ...foldTo(series, stepSeconds),
    shift: Math.round(delaySeconds / stepSeconds),
  }));
  const length = Math.max(...shifted.map(({ steps, shift }) => shift + steps.length));
  const steps = Array.from({ length }, (_, index) =>
    sumSteps(shifted.flatMap((part) => part.steps[index - part.shift] ?? [])),
  );
  return { stepSeconds, steps };
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
