import type { Alert } from '../model/alert.ts';
import type { AlertContext, MetricReading } from '../model/notification.ts';
import type { Observation, ProbeResult } from '../model/observation.ts';
import type { RuleSpec } from '../model/policy.ts';
import { compareSeverity } from '../model/severity.ts';
import { breachedMetric } from './breached-metric.ts';
import { containerEnd } from './container-end.ts';

/** How many log entries a message carries. */
export const CONTEXT_LOG_ENTRIES = 10;

/** What the reader of a message needs to act, out of what is known now. */
export function alertContext(
  alert: Alert,
  known: {
    readonly latest: Observation | undefined;
    readonly rules: readonly RuleSpec[];
    readonly logEntries: readonly string[];
    readonly objectName: string;
  },
): AlertContext {
  const { latest, logEntries, objectName } = known;
  const rules = known.rules.filter(({ name }) => name === alert.rule);
  return {
    image: latest?.target.image ?? '',
    state: alert.target.kind === 'host' ? '' : stateText(latest),
    metrics: metricReadings(latest, thresholdsOf(rules)),
    logEntries: logEntries.slice(-CONTEXT_LOG_ENTRIES),
    objectName,
    end: containerEnd(alert, latest),
    breached: breachedMetric(rules),
  };
}

function stateText(latest: Observation | undefined): string {
  if (latest === undefined) return 'gone';
  if (latest.kind === 'unreachable') return `unreachable: ${latest.message}`;
  const health = latest.health === 'none' ? '' : `, ${latest.health}`;
  const exit = latest.exitCode === undefined || latest.state === 'running' ? '' : `, exit code ${latest.exitCode}`;
  return `${latest.state}${health}${exit}`;
}

interface Threshold {
  readonly text: string;
  readonly isBreachedBy: (value: number) => boolean;
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
};

/** `cpu > 80` of the rule that alerts stands beside the metric it is about; the highest level comes first. */
function thresholdsOf(rules: readonly RuleSpec[]): ReadonlyMap<string, Threshold> {
  const byWorst = rules.toSorted((a, b) => compareSeverity(a.severity, b.severity));
  const found = byWorst.flatMap(({ expr }) => {
    const [, metric, operator = '', bound] = /^\s*([a-zA-Z.]+)\s*(>=?|<=?)\s*([\d.]+)\s*$/.exec(expr) ?? [];
    const compare = comparisons[operator];
    if (metric === undefined || compare === undefined) return [];
    return [
      [
        metric,
        { text: `${operator} ${bound}`, isBreachedBy: (value: number) => compare(value, Number(bound)) },
      ] as const,
    ];
  });
  return new Map(found);
}

function metricReadings(
  latest: Observation | undefined,
  thresholds: ReadonlyMap<string, Threshold>,
): readonly MetricReading[] {
  if (latest === undefined) return [];
  const probes = Object.entries(latest.probes).map(([name, result]) =>
    reading(`Probe ${name}`, probeText(result), {
      threshold: thresholds.get(`probes.${name}.latency`),
      value: seconds(result),
    }),
  );
  if (latest.kind === 'unreachable') return probes;
  const { resources, restarts } = latest;
  return [
    reading('CPU', percent(resources.cpuPercent), { threshold: thresholds.get('cpu'), value: resources.cpuPercent }),
    reading('Memory', memoryText(resources), { threshold: thresholds.get('memory'), value: resources.memoryPercent }),
    ...probes,
    reading('Restarts', String(restarts), { threshold: thresholds.get('restarts'), value: restarts }),
  ];
}

function reading(
  label: string,
  text: string,
  judged: { threshold: Threshold | undefined; value: number | undefined },
): MetricReading {
  const { threshold, value } = judged;
  const breached = threshold === undefined || value === undefined ? undefined : threshold.isBreachedBy(value);
  return { label, value: text, threshold: threshold?.text, breached };
}

function seconds({ latencyMs }: ProbeResult): number | undefined {
  return latencyMs === undefined ? undefined : latencyMs / 1000;
}

function percent(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)} %`;
}

function memoryText(resources: {
  readonly memoryPercent?: number | undefined;
  readonly memoryBytes?: number | undefined;
}): string {
  if (resources.memoryBytes === undefined) return '-';
  return `${percent(resources.memoryPercent)} (${(resources.memoryBytes / 1_048_576).toFixed(1)} MiB)`;
}

function probeText(result: ProbeResult): string {
  const latency = result.latencyMs === undefined ? '' : `, ${(result.latencyMs / 1000).toFixed(3)} s`;
  const status = result.status === undefined ? '' : ` ${result.status}`;
  const error = result.error === undefined ? '' : ` (${result.error.message})`;
  return `${result.up ? 'up' : 'down'}${status}${latency}${error}`;
}
