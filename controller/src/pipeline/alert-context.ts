import type { Alert } from '../model/alert.ts';
import type { AlertContext, MetricReading } from '../model/notification.ts';
import type { Observation, ProbeResult } from '../model/observation.ts';
import type { RuleSpec } from '../model/policy.ts';

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
  const { latest, rules, logEntries, objectName } = known;
  return {
    image: latest?.target.image ?? '',
    state: stateText(latest),
    metrics: metricReadings(latest, thresholdsOf(rules.filter(({ name }) => name === alert.rule))),
    logEntries: logEntries.slice(-CONTEXT_LOG_ENTRIES),
    objectName,
  };
}

function stateText(latest: Observation | undefined): string {
  if (latest === undefined) return 'gone';
  if (latest.kind === 'unreachable') return `unreachable: ${latest.message}`;
  const health = latest.health === 'none' ? '' : `, ${latest.health}`;
  const exit = latest.exitCode === undefined || latest.state === 'running' ? '' : `, exit code ${latest.exitCode}`;
  return `${latest.state}${health}${exit}`;
}

/** `cpu > 80` of the rule that alerts stands beside the metric it is about. */
function thresholdsOf(rules: readonly RuleSpec[]): ReadonlyMap<string, string> {
  const found = rules.flatMap(({ expr }) => {
    const match = /^\s*([a-zA-Z.]+)\s*(>=?|<=?)\s*([\d.]+)\s*$/.exec(expr);
    return match === null ? [] : [[match[1] ?? '', `${match[2]} ${match[3]}`] as const];
  });
  return new Map(found.toReversed());
}

function metricReadings(
  latest: Observation | undefined,
  thresholds: ReadonlyMap<string, string>,
): readonly MetricReading[] {
  if (latest === undefined) return [];
  const probes = Object.entries(latest.probes).map(([name, result]) => ({
    label: `Probe ${name}`,
    value: probeText(result),
    threshold: thresholds.get(`probes.${name}.latency`) ?? thresholds.get(`probes.${name}.status`),
  }));
  if (latest.kind === 'unreachable') return probes;
  const { resources } = latest;
  return [
    { label: 'CPU', value: percent(resources.cpuPercent), threshold: thresholds.get('cpu') },
    { label: 'Memory', value: memoryText(latest.resources), threshold: thresholds.get('memory') },
    ...probes,
    { label: 'Restarts', value: String(latest.restarts), threshold: thresholds.get('restarts') },
  ];
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
