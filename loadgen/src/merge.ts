/** Joins the reports of several generators into the report that one generator of all their requests would have written. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { isFailureKind } from './failure.ts';
import { createDistribution, createTally, type Distribution, type Tally } from './measure.ts';
import { createReport, type CountsWithHistograms, type Percentiles, type Report } from './report.ts';

/**
 * Counts add up, histograms add up bucket by bucket, so percentiles are those of all requests together. Endpoints of the same name are one.
 * The run lasts from the first start to the last end.
 * @throws Error without a report, and on a histogram that is not one
 */
export function mergeReports(reports: readonly Report[]): Report {
  const [first] = reports;
  if (first === undefined) throw new Error('there is no report to merge');
  const total = createTally();
  const lag = createDistribution();
  const endpoints = new Map<string, Tally>();
  for (const report of reports) {
    addCounts(total, report);
    addDistribution(lag, report.lagMicroseconds, report.lagSeconds);
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
    endpointNames: [...endpoints.keys()],
  } as const;
  return createReport(facts, { total, endpoints: [...endpoints.values()], lag });
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
  addDistribution(tally.latency, counts.histograms.latencyMicroseconds, counts.latencySeconds);
  addDistribution(tally.serviceTime, counts.histograms.serviceTimeMicroseconds, counts.serviceTimeSeconds);
}

function addDistribution(distribution: Distribution, encoded: string, { max }: Percentiles): void {
  distribution.histogram.add(decodeFromCompressedBase64(encoded, 64));
  distribution.maxUs = Math.max(distribution.maxUs, Math.round(max * 1e6));
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
