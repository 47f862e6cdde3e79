/** The series as a table: one line a step, times in seconds, for spreadsheets and plotting. */
import type { Report } from './report.ts';
import type { SeriesStepReport } from './series-point.ts';

const COLUMNS: readonly (readonly [name: string, read: (step: SeriesStepReport) => number])[] = [
  ['start_seconds', (step) => step.startSeconds],
  ['sent', (step) => step.sent],
  ['ok', (step) => step.ok],
  ['failed', (step) => step.failed],
  ['unsent', (step) => step.unsent],
  ['late', (step) => step.late],
  ['in_flight', (step) => step.inFlight],
  ['latency_p50', (step) => step.latencySeconds.p50],
  ['latency_p95', (step) => step.latencySeconds.p95],
  ['latency_p99', (step) => step.latencySeconds.p99],
  ['latency_max', (step) => step.latencySeconds.max],
  ['service_time_p50', (step) => step.serviceTimeSeconds.p50],
  ['service_time_p95', (step) => step.serviceTimeSeconds.p95],
  ['service_time_p99', (step) => step.serviceTimeSeconds.p99],
  ['service_time_max', (step) => step.serviceTimeSeconds.max],
];

export function csvOf({ series }: Report): string {
  const lines = [COLUMNS.map(([name]) => name), ...series.steps.map((step) => COLUMNS.map(([, read]) => read(step)))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}
