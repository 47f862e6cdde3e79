/** The report as one page that needs nothing else: no script, no network. All text in it is outside text. */
import { formatDuration } from '../duration.ts';
import type { EndpointReport, Percentiles, Report } from '../report.ts';
import { bytes, percent, time } from '../wording.ts';
import { chartOf, type Line } from './chart.ts';
import { escapeHtml } from './escape.ts';
import { STYLE } from './style.ts';

export function pageOf(report: Report): string {
  const verb = report.ended === 'completed' ? 'finished' : 'stopped before the end of its plan';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Load test of ${escapeHtml(report.url)}</title><style>${STYLE}</style></head><body><main>
<h1>Load test of ${escapeHtml(report.url)}</h1>
<p>${escapeHtml(report.startedAt)}, ${verb} after ${formatDuration(report.durationSeconds * 1_000)}, ${report.generators === 1 ? 'one generator' : `${report.generators} generators`}</p>
${alarms(report)}${facts(report)}${thresholds(report)}
<h2>Times</h2>
<p>Latency counts from when a request was due, service time from when it was sent.</p>
${table(['', 'latency', 'service time'], timeRows(report))}
<h2>Over time</h2><div class="charts">${charts(report)}</div>
<h2>Endpoints</h2>
${table(['', 'requests', 'errors', 'latency p50', 'p95', 'p99', 'max', 'service time p50', 'p95', 'p99', 'max'], report.endpoints.map(endpointRow))}
<h2>Answers</h2>
${table(['', 'requests', 'share'], answerRows(report))}
<h2>Generator</h2>
<p>${generatorWords(report)}</p>
</main></body></html>
`;
}

function alarms({ generator, insecure }: Report): string {
  const reasons = generator.reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join('');
  const unreliable = `<div class="alarm"><strong>Unreliable: the generator itself was the bottleneck</strong><ul>${reasons}</ul></div>`;
  const unchecked = `<div class="alarm"><strong>Insecure: the target's certificate was not checked</strong></div>`;
  return (generator.reliable ? '' : unreliable) + (insecure ? unchecked : '');
}

function facts(report: Report): string {
  const { requests, plannedRequests, errors, errorRate, late, unsent, sentRate, plannedRate, warmUp } = report;
  const shown: readonly (readonly [string, string])[] = [
    ['Requests', plannedRequests === null ? String(requests) : `${requests} of ${plannedRequests}`],
    ['Sent a second', `${sentRate.toFixed(1)} of ${plannedRate.toFixed(1)}`],
    ['Errors', `${errors} (${percent(errorRate)})`],
    ['Late for want of a connection', unsent > 0 ? `${late}, ${unsent} never sent` : String(late)],
    ['Received', bytes(report.bytes)],
    ...(warmUp.requests > 0
      ? [['Warm-up, counted nowhere else', `${warmUp.requests}, ${warmUp.errors} failed`] as const]
      : []),
  ];
  const items = shown.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<dl class="facts">${items.join('')}</dl>`;
}

function thresholds({ thresholds: verdicts = [] }: Report): string {
  if (verdicts.length === 0) return '';
  const rows = verdicts.map(({ expr, passed, observed, aborted }) => {
    const word = passed ? 'holds' : `does not hold${aborted === true ? ', ended the run' : ''}`;
    return `<tr><td class="words"><code>${escapeHtml(expr)}</code></td><td class="words ${passed ? 'good' : 'bad'}">${word}</td><td class="words">${escapeHtml(observed)}</td></tr>`;
  });
  return `<h2>Thresholds</h2><div class="wide"><table>${rows.join('')}</table></div>`;
}

function charts({ series, durationSeconds, plannedRate }: Report): string {
  const { steps, stepSeconds } = series;
  const widths = steps.map(({ startSeconds }) => Math.min(stepSeconds, durationSeconds - startSeconds));
  // The rest of a second after the plan's end would look like a fall.
  const shown = steps.filter((_, index) => index === 0 || (widths[index] ?? 0) >= stepSeconds / 2);
  const perSecond = (name: string, read: (step: (typeof steps)[number]) => number): Line => ({
    name,
    values: shown.map((step, index) => read(step) / Math.max(widths[index] ?? stepSeconds, 0.001)),
  });
  const answered = (name: string, read: (step: (typeof steps)[number]) => number): Line => ({
    name,
    values: shown.map((step) => (step.ok + step.failed > 0 ? read(step) : undefined)),
  });
  const frame = { times: shown.map(({ startSeconds }) => startSeconds + stepSeconds / 2), endSeconds: durationSeconds };
  const percentileLines = (
    read: (step: (typeof steps)[number]) => { p50: number; p95: number; p99: number },
  ): readonly Line[] => [
    answered('p50', (step) => read(step).p50),
    answered('p95', (step) => read(step).p95),
    answered('p99', (step) => read(step).p99),
  ];
  return [
    chartOf({
      ...frame,
      title: `Requests a second (${plannedRate.toFixed(1)} planned)`,
      lines: [
        perSecond('sent', (step) => step.sent),
        perSecond('ok', (step) => step.ok),
        perSecond('failed', (step) => step.failed),
      ],
      format: short,
    }),
    chartOf({
      ...frame,
      title: 'Latency, from when it was due',
      lines: percentileLines((step) => step.latencySeconds),
      format: time,
    }),
    chartOf({
      ...frame,
      title: 'Service time, from when it was sent',
      lines: percentileLines((step) => step.serviceTimeSeconds),
      format: time,
    }),
    chartOf({
      ...frame,
      title: 'In flight, and late for want of a connection',
      lines: [
        { name: 'in flight', values: shown.map((step) => step.inFlight) },
        perSecond('late a second', (step) => step.late),
      ],
      format: short,
    }),
  ].join('');
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function endpointRow({
  name,
  requests,
  errors,
  latencySeconds,
  serviceTimeSeconds,
}: EndpointReport): readonly string[] {
  const both = [latencySeconds, serviceTimeSeconds].flatMap(({ p50, p95, p99, max }) => [p50, p95, p99, max].map(time));
  return [name, String(requests), String(errors), ...both];
}

function answerRows({ statuses, failures, requests }: Report): readonly (readonly string[])[] {
  const kinds = [
    ...Object.entries(statuses).map(([status, count]) => [`status ${status}`, count] as const),
    // Those of kind http have their status above.
    ...Object.entries(failures).flatMap(([kind, count]) =>
      kind === 'http' ? [] : [[`error ${kind}`, count] as const],
    ),
  ];
  return kinds.map(([name, count]) => [name, String(count), percent(count / Math.max(requests, 1))]);
}

function generatorWords({ generator }: Report): string {
  const { startLagSeconds, eventLoopDelaySeconds, cpu } = generator;
  return `Start lag p99 ${time(startLagSeconds.p99)}, event loop delay p99 ${time(eventLoopDelaySeconds.p99)} and at most ${time(eventLoopDelaySeconds.max)}, CPU ${percent(cpu.mean)} of a core and at most ${percent(cpu.max)}: ${generator.reliable ? 'the times are those of the target.' : 'the times are in part its own.'}`;
}

/** A percentile a line, so that a phone shows both times side by side. */
function timeRows({ latencySeconds, serviceTimeSeconds }: Report): readonly (readonly string[])[] {
  const names: readonly (readonly [string, keyof Percentiles])[] = [
    ['mean', 'mean'],
    ['p50', 'p50'],
    ['p75', 'p75'],
    ['p90', 'p90'],
    ['p95', 'p95'],
    ['p99', 'p99'],
    ['p99.9', 'p999'],
    ['max', 'max'],
  ];
  return names.map(([name, field]) => [name, time(latencySeconds[field]), time(serviceTimeSeconds[field])]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map((row) => line('td', row)).join('');
  return `<div class="wide" tabindex="0"><table><thead>${line('th', head)}</thead><tbody>${body}</tbody></table></div>`;
}

function line(tag: 'th' | 'td', cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
}
