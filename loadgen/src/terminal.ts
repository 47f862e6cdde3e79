/** What a person sees: a live line, a line for each request, a summary. All pure: state in, text out. */
import { formatDuration } from './duration.ts';
import type { RequestResult } from './queue.ts';
import type { Counts, EndpointReport, Percentiles, Progress, Report } from './report.ts';
import { bytes, percent, time } from './wording.ts';

const BAR_CELLS = 20;
/** One line of at most `columns` characters: bar, time, rate, percentiles, errors. Where it is narrow, errors go before bar and p50. */
export function liveLine(title: string, progress: Progress, columns: number): string {
  const { p50, p95, p99 } = progress.latencySeconds;
  const now = [
    formatDuration(progress.elapsedSeconds * 1_000),
    `${progress.rate.toFixed(1)} of ${progress.plannedRate.toFixed(1)}/s`,
  ];
  const tail = [`p95 ${time(p95)} p99 ${time(p99)}`, ...troubles(progress)];
  const done = progress.progress === null ? [] : [progress.progress];
  const wide = [title, ...done.map(bar), ...now, `p50 ${time(p50)} ${tail.join('  ')}`].join('  ');
  const narrow = [...done.map(wholePercent), ...now, ...tail].join('  ');
  const room = Math.max(columns - 1, 0);
  return (wide.length <= room ? wide : narrow).slice(0, room);
}

function troubles({ errors: failed, errorRate, late: waited }: Progress): readonly string[] {
  return [`errors ${failed} (${percent(errorRate)})`, ...(waited > 0 ? [`late ${waited}`] : [])];
}

/** `12:00:01.234 200 GET /health 12.3ms`, as the log of the requests. */
export function requestLine(endpoint: string, result: RequestResult, atMs: number): string {
  const at = new Date(atMs).toISOString().slice(11, 23);
  const outcome = result.failure === undefined || result.failure === 'http' ? result.status : result.failure;
  const latency = time((result.endedAtMs - result.dueAtMs) / 1_000);
  return `${at} ${outcome} ${endpoint} ${latency}${result.isLate ? ' late' : ''}`;
}

export function summary(report: Report): string {
  const planned = report.plannedRequests === null ? '' : ` of ${report.plannedRequests} planned`;
  const verb = report.ended === 'completed' ? 'Finished' : 'Stopped';
  const lines = [
    `${verb}: ${report.requests}${planned} requests in ${formatDuration(report.durationSeconds * 1_000)}, ${report.rate.toFixed(1)}/s, ${report.url}`,
    '',
    row('', ['mean', 'p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'max']),
    row('latency (from due)', times(report.latencySeconds)),
    row('service time (from sent)', times(report.serviceTimeSeconds)),
    '',
    `Status    ${counted(report.statuses) || 'no answer at all'}`,
    `Errors    ${errors(report)}`,
    ...(report.late > 0 ? [`Late      ${late(report)}`] : []),
    `Received  ${bytes(report.bytes)}`,
    ...(report.warmUp.requests > 0 ? [`Warm-up   ${warmUp(report)}`] : []),
    `Generator ${generatorLine(report)}`,
    '',
    row('endpoint: latency', ['requests', 'errors', 'p50', 'p95', 'p99', 'max', 'service:', 'p50', 'p95', 'p99']),
    ...report.endpoints.map(endpointRow),
    ...security(report),
    ...thresholdLines(report),
    ...reliability(report),
  ];
  return `${lines.join('\n')}\n`;
}

function endpointRow({
  name,
  requests,
  errors: failed,
  latencySeconds,
  serviceTimeSeconds: service,
}: EndpointReport): string {
  const { p50, p95, p99, max } = latencySeconds;
  const latency = [p50, p95, p99, max].map(time);
  return row(name, [
    String(requests),
    String(failed),
    ...latency,
    '',
    ...[service.p50, service.p95, service.p99].map(time),
  ]);
}

function errors(counts: Counts): string {
  if (counts.errors === 0) return 'none';
  return `${counts.errors} (${percent(counts.errorRate)}): ${counted(counts.failures)}`;
}

function late(counts: Counts): string {
  const unsent = counts.unsent > 0 ? `, ${counts.unsent} of them gave up unsent` : '';
  return `${counts.late} (${percent(counts.late / counts.requests)}) waited for a free connection${unsent}; more --concurrency sends them in time`;
}

function warmUp({ warmUp: { requests, errors: failed } }: Report): string {
  return `${requests} requests before the plan, ${failed} of them failed; counted nowhere else`;
}

/** Loud: anybody may have answered. */
function security({ insecure }: Report): readonly string[] {
  return insecure ? ['', "!!! INSECURE: the target's certificate was not checked (--insecure)"] : [];
}

function thresholdLines({ thresholds = [] }: Report): readonly string[] {
  const words = thresholds.map(({ expr, passed, observed, aborted }) => {
    const end = aborted === true ? ', ended the run' : '';
    return `${passed ? 'holds        ' : 'DOES NOT HOLD'} ${expr}  (${observed})${end}`;
  });
  return words.length === 0 ? [] : ['', ...words];
}

/** Loud: who overlooks this takes the generator's times for the target's. */
function reliability({ generator }: Report): readonly string[] {
  if (generator.reliable) return [];
  const advice = 'Use a lower rate, a faster machine or several generators.';
  return [
    '',
    '!!! UNRELIABLE: the generator itself was the bottleneck',
    ...generator.reasons.map((reason) => `!!!   ${reason}`),
    `!!! ${advice}`,
  ];
}

function generatorLine({ generator, sentRate, plannedRate }: Report): string {
  const { startLagSeconds, eventLoopDelaySeconds, cpu } = generator;
  const rates = `sent ${sentRate.toFixed(1)} of ${plannedRate.toFixed(1)}/s planned`;
  return `${rates}, start lag p99 ${time(startLagSeconds.p99)}, event loop delay p99 ${time(eventLoopDelaySeconds.p99)}, CPU ${percent(cpu.mean)} of a core`;
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([key, count]) => `${key} ${count}`)
    .join(', ');
}

function row(label: string, cells: readonly string[]): string {
  const shown = label.length > 26 ? `${label.slice(0, 25)}…` : label;
  return `${shown.padEnd(26)}${cells.map((cell) => cell.padStart(9)).join('')}`;
}

function times({ mean, p50, p75, p90, p95, p99, p999, max }: Percentiles): readonly string[] {
  return [mean, p50, p75, p90, p95, p99, p999, max].map(time);
}

function bar(progress: number): string {
  const full = Math.floor(progress * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}] ${wholePercent(progress)}`;
}

function wholePercent(progress: number): string {
  return `${String(Math.floor(progress * 100)).padStart(3)}%`;
}
