import type { Alert } from '../../model/alert.ts';
import type { MetricName, Point } from '../../model/metrics.ts';
import type { Observation, ProbeResult } from '../../model/observation.ts';
import type { TargetSnapshot } from '../../model/snapshot.ts';
import type { Standing } from '../../model/standing.ts';
import type { LiveReadings, LiveRow, ScreenRow } from '../answers/live.ts';
import type { DashboardReader } from '../reader.ts';

/** A row without what moves all the time. */
export type SteadyRow = Omit<LiveRow, keyof LiveReadings>;

/** Labels of a row: enough to filter by. What Docker, Compose and image builders write is said by other fields. */
const MAX_LABELS = 16;
const MAX_LABEL_CHARACTERS = 80;
const foreignLabels = ['com.docker.', 'org.opencontainers.', 'org.label-schema.', 'desktop.docker.'];

export function steadyRow(seen: TargetSnapshot, alerts: readonly Alert[]): SteadyRow {
  const { observation } = seen;
  const { target } = observation;
  return {
    name: target.name,
    host: target.host,
    namespace: target.namespace,
    image: target.image,
    labels: ownLabels(target.labels),
    severity: seen.severity ?? (observation.kind === 'unreachable' ? 'unknown' : 'ok'),
    policies: seen.policies,
    alerts: countAlerts(alerts),
    http: httpOf(probe(observation, 'http')),
    database: databaseOf(probe(observation, 'postgres')),
    loadtest: seen.loadtest?.name ?? null,
    ...stateOf(observation),
  };
}

function stateOf(observation: Observation): Pick<SteadyRow, 'state' | 'health' | 'note' | 'restarts' | 'startedAt'> {
  if (observation.kind === 'unreachable') {
    return { state: 'unreachable', health: 'none', note: observation.message, restarts: null, startedAt: null };
  }
  const { state, health, note, restarts, startedAt } = observation;
  return { state, health, note: note ?? '', restarts, startedAt: startedAt ?? null };
}

function ownLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = Object.entries(labels).filter(([name]) => !foreignLabels.some((prefix) => name.startsWith(prefix)));
  return Object.fromEntries(own.slice(0, MAX_LABELS).map(([name, value]) => [cut(name), cut(value)]));
}

function cut(text: string): string {
  return text.slice(0, MAX_LABEL_CHARACTERS);
}

function countAlerts(alerts: readonly Alert[]): LiveRow['alerts'] {
  const firing = alerts.filter(({ state }) => state === 'firing');
  return {
    firing: firing.length,
    pending: alerts.filter(({ state }) => state === 'pending').length,
    quiet: firing.filter(({ silencedBy, acknowledgedBy }) => (silencedBy ?? acknowledgedBy) !== undefined).length,
  };
}

function httpOf(result: ProbeResult | undefined): LiveRow['http'] {
  return result === undefined
    ? null
    : { up: result.up, status: result.status ?? null, error: result.error?.message ?? null };
}

function databaseOf(result: ProbeResult | undefined): LiveRow['database'] {
  return result === undefined ? null : { up: result.up, error: result.error?.message ?? null };
}

/** The first by name, as the page has room for one. */
function probe(observation: Observation, protocol: ProbeResult['protocol']): ProbeResult | undefined {
  return Object.keys(observation.probes)
    .sort()
    .map((name) => observation.probes[name])
    .find((result) => result?.protocol === protocol);
}

/** Rounded to what is shown: what looks the same is not sent again. */
export function readings({ observation }: TargetSnapshot): LiveReadings {
  const { cpuPercent, memoryPercent, memoryBytes } = observation.kind === 'observed' ? observation.resources : nothing;
  return {
    id: observation.target.id,
    cpuPercent: rounded(cpuPercent, 1),
    memoryPercent: rounded(memoryPercent, 1),
    memoryBytes: rounded(memoryBytes, 0),
    latencySeconds: secondsOf(probe(observation, 'http')),
    seenAt: observation.at,
  };
}

const nothing = {
  cpuPercent: undefined,
  memoryPercent: undefined,
  memoryBytes: undefined,
  memoryLimitBytes: undefined,
};

/** Beyond the readings; sparklines are read for rows on screen only. */
export function screenRow(seen: TargetSnapshot, reader: Pick<DashboardReader, 'sparklines' | 'bounds'>): ScreenRow {
  const { observation } = seen;
  const database = probe(observation, 'postgres');
  const sparklines = reader.sparklines(observation.target.id);
  const bounds = seen.policies.flatMap((policy) => reader.bounds(policy));
  const { memoryLimitBytes } = observation.kind === 'observed' ? observation.resources : nothing;
  return {
    ...readings(seen),
    memoryLimitBytes: rounded(memoryLimitBytes, 0),
    databaseLatencySeconds: secondsOf(database),
    databaseValue: database?.value ?? null,
    cpuHistory: valuesOf(sparklines, 'cpu', 1),
    memoryHistory: valuesOf(sparklines, 'memory', 1),
    latencyHistory: valuesOf(sparklines, 'latency', 4),
    cpuThreshold: lowestLine(bounds, 'cpu'),
    memoryThreshold: lowestLine(bounds, 'memory'),
  };
}

function lowestLine(bounds: Standing['bounds'], metric: MetricName): number | null {
  const lines = bounds.filter((bound) => bound.metric === metric && bound.breach === 'above');
  return lines.length === 0 ? null : Math.min(...lines.map(({ value }) => value));
}

function secondsOf(result: ProbeResult | undefined): number | null {
  return result?.latencyMs === undefined ? null : rounded(result.latencyMs / 1000, 4);
}

function valuesOf(sparklines: TargetSnapshot['sparklines'], metric: MetricName, digits: number): readonly number[] {
  const points: readonly Point[] = sparklines[metric] ?? [];
  return points.flatMap(({ value }) => rounded(value, digits) ?? []);
}

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Math.round(value * 10 ** digits) / 10 ** digits;
}
