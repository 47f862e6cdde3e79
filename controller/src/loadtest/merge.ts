import type { EndpointSummary, LoadPercentiles, LoadSummary } from '../model/load-test.ts';
import { decodeHistogram, emptyHistogram } from './histogram.ts';
import type { EncodedDistribution, MeasuredCounts, ProgressLine, ReportLine } from './protocol.ts';

/** The reports of all generators of a run as one. */
export interface MergedReport {
  readonly summary: LoadSummary;
  readonly endpoints: readonly EndpointSummary[];
  readonly failures: Readonly<Record<string, number>>;
  /** Why the result is not to be trusted: the doubts of any generator. */
  readonly doubts: readonly string[];
}

/** The status holds as many. */
const MAX_DOUBTS = 20;

/**
 * Counts add up and histograms add up bucket by bucket, so that percentiles are those of all requests together. The run
 * lasts from the first start to the last end.
 */
export function mergeReports(reports: readonly ReportLine[]): MergedReport {
  const startedAt = Math.min(...reports.map((report) => report.startedAt));
  const endedAt = Math.max(...reports.map((report) => report.startedAt + report.durationSeconds * 1000));
  const seconds = (endedAt - startedAt) / 1000;
  const counts = mergeCounts(reports);
  const endpoints = Map.groupBy(
    reports.flatMap((report) => report.endpoints),
    ({ name }) => name,
  );
  return {
    summary: { ...counts, rate: seconds > 0 ? counts.requests / seconds : 0 },
    endpoints: [...endpoints].map(([name, parts]) => endpointSummary(name, parts)),
    failures: addKinds(reports.map(({ failures }) => failures)),
    doubts: [...new Set(reports.flatMap(({ doubts }) => doubts))].slice(0, MAX_DOUBTS),
  };
}

/** While it runs: counts and rates add up; of each percentile the worst of the generators, as lines carry no histogram. */
export function mergeProgress(lines: readonly ProgressLine[]): LoadSummary {
  const requests = sum(lines, (line) => line.requests);
  const errors = sum(lines, (line) => line.errors);
  const measured = lines.filter((line) => line.requests > 0);
  return {
    requests,
    rate: sum(lines, (line) => line.rate),
    errors,
    errorRate: requests === 0 ? 0 : errors / requests,
    late: sum(lines, (line) => line.late),
    latency: worstOf(measured.map((line) => line.latencySeconds)),
    serviceTime: worstOf(measured.map((line) => line.serviceTimeSeconds)),
  };
}

function worstOf(parts: readonly LoadPercentiles[]): LoadPercentiles | undefined {
  if (parts.length === 0) return undefined;
  const worst = (percentile: keyof LoadPercentiles): number => Math.max(...parts.map((part) => part[percentile]));
  return { p50: worst('p50'), p90: worst('p90'), p95: worst('p95'), p99: worst('p99'), max: worst('max') };
}

function endpointSummary(name: string, parts: readonly MeasuredCounts[]): EndpointSummary {
  const space = name.indexOf(' ');
  const { requests, errors, latency, serviceTime } = mergeCounts(parts);
  const [method, path] = [name.slice(0, Math.max(space, 0)), name.slice(space + 1)];
  return { method, path, requests, errors, latency, serviceTime };
}

function mergeCounts(parts: readonly MeasuredCounts[]): Omit<LoadSummary, 'rate'> {
  const requests = sum(parts, (part) => part.requests);
  const errors = sum(parts, (part) => part.errors);
  return {
    requests,
    errors,
    errorRate: requests === 0 ? 0 : errors / requests,
    late: sum(parts, (part) => part.late),
    latency: mergeDistributions(parts.map(({ latency }) => latency)),
    serviceTime: mergeDistributions(parts.map(({ serviceTime }) => serviceTime)),
  };
}

function mergeDistributions(parts: readonly EncodedDistribution[]): LoadPercentiles | undefined {
  const merged = emptyHistogram();
  for (const { encoded } of parts) merged.add(decodeHistogram(encoded));
  if (merged.totalCount === 0) return undefined;
  const max = Math.max(...parts.map(({ maxSeconds }) => maxSeconds));
  const at = (percentile: number): number => Math.min(merged.getValueAtPercentile(percentile) / 1e6, max);
  return { p50: at(50), p90: at(90), p95: at(95), p99: at(99), max };
}

function addKinds(parts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const total = new Map<string, number>();
  for (const [kind, count] of parts.flatMap((part) => Object.entries(part))) {
    total.set(kind, (total.get(kind) ?? 0) + count);
  }
  return Object.fromEntries(total);
}

function sum<Item>(items: readonly Item[], read: (item: Item) => number): number {
  return items.reduce((total, item) => total + read(item), 0);
}
