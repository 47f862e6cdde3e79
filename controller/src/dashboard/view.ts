import type { Alert } from '../model/alert.ts';
import type { HostStatus } from '../model/host.ts';
import type { LoadTestSnapshot } from '../model/load-test.ts';
import type { MetricName } from '../model/metrics.ts';
import type { ContainerObservation, Observation, ProbeResult } from '../model/observation.ts';
import type { Problem } from '../model/problem.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { EmailSnapshot, PolicySnapshot, Snapshot, TargetSnapshot } from '../model/snapshot.ts';
import type { ConditionView, DashboardReader } from './reader.ts';

/** What the page shows: JSON as the browser gets it. Times are epoch milliseconds, null is "not known". */
export interface DashboardView {
  readonly at: number;
  readonly hosts: readonly HostStatus[];
  readonly containers: readonly ContainerView[];
  readonly alerts: readonly AlertView[];
  readonly policies: readonly PolicyView[];
  readonly loadTests: readonly LoadTestSnapshot[];
  readonly problems: readonly Problem[];
  readonly email: EmailSnapshot;
  readonly metricsLines: readonly string[];
  readonly statusLines: readonly string[];
}

export interface ContainerView {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly namespace: string;
  readonly image: string;
  /** Docker's state, or `unreachable`. */
  readonly state: string;
  readonly health: string;
  /** Worst firing severity; `ok` without one, `unknown` where it cannot be told. */
  readonly severity: Severity | 'ok' | 'unknown';
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly memoryBytes: number | null;
  readonly memoryLimitBytes: number | null;
  readonly http: ProbeView | null;
  readonly database: ProbeView | null;
  readonly restarts: number | null;
  readonly startedAt: number | null;
  readonly seenAt: number;
  readonly note: string;
  readonly policies: readonly string[];
  /** The load test that drives it now. */
  readonly loadtest: { readonly name: string; readonly rate: number } | null;
  readonly cpuHistory: readonly number[];
  readonly memoryHistory: readonly number[];
  readonly latencyHistory: readonly number[];
}

export interface ProbeView {
  readonly up: boolean;
  readonly status: number | null;
  readonly latencySeconds: number | null;
  readonly value: number | null;
  readonly error: string | null;
}

export interface AlertView {
  readonly key: string;
  readonly policy: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly state: Alert['state'];
  readonly container: string;
  readonly host: string;
  readonly message: string;
  readonly since: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  readonly notifications: number;
  readonly lastNotifiedAt: number | null;
  readonly rejected: string | null;
}

export interface PolicyView extends PolicySnapshot {
  readonly conditions: readonly ConditionView[];
}

/** Lines of metrics.log and status.log on the page. */
const LOG_LINES = 10;

export function dashboardView(reader: DashboardReader): DashboardView {
  const snapshot = reader.snapshot();
  return {
    at: snapshot.at,
    hosts: snapshot.hosts,
    containers: snapshot.targets.map(containerView).sort(worstFirst),
    alerts: sortedAlerts(snapshot),
    policies: snapshot.policies.map((policy) => ({ ...policy, conditions: reader.conditions(policy.key) })),
    loadTests: snapshot.loadTests ?? [],
    problems: snapshot.problems,
    email: snapshot.email,
    metricsLines: reader.recentLines('metrics', LOG_LINES),
    statusLines: reader.recentLines('status', LOG_LINES),
  };
}

export function containerView(seen: TargetSnapshot): ContainerView {
  const { observation } = seen;
  const { target } = observation;
  return {
    id: target.id,
    name: target.name,
    host: target.host,
    namespace: target.namespace,
    image: target.image,
    severity: seen.severity ?? (observation.kind === 'unreachable' ? 'unknown' : 'ok'),
    http: probeView(observation, 'http'),
    database: probeView(observation, 'postgres'),
    seenAt: observation.at,
    policies: seen.policies,
    loadtest: seen.loadtest ?? null,
    cpuHistory: values(seen, 'cpu'),
    memoryHistory: values(seen, 'memory'),
    latencyHistory: values(seen, 'latency'),
    ...(observation.kind === 'observed' ? stateOf(observation) : unreachableState(observation.message)),
  };
}

type StateFields = Pick<
  ContainerView,
  | 'state'
  | 'health'
  | 'cpuPercent'
  | 'memoryPercent'
  | 'memoryBytes'
  | 'memoryLimitBytes'
  | 'restarts'
  | 'startedAt'
  | 'note'
>;

function stateOf({ state, health, resources, restarts, startedAt, note }: ContainerObservation): StateFields {
  return {
    state,
    health,
    cpuPercent: resources.cpuPercent ?? null,
    memoryPercent: resources.memoryPercent ?? null,
    memoryBytes: resources.memoryBytes ?? null,
    memoryLimitBytes: resources.memoryLimitBytes ?? null,
    restarts,
    startedAt: startedAt ?? null,
    note: note ?? '',
  };
}

function unreachableState(message: string): StateFields {
  const nothing = {
    cpuPercent: null,
    memoryPercent: null,
    memoryBytes: null,
    memoryLimitBytes: null,
    restarts: null,
    startedAt: null,
  };
  return { state: 'unreachable', health: 'none', note: message, ...nothing };
}

function probeView(observation: Observation, protocol: ProbeResult['protocol']): ProbeView | null {
  const result = Object.keys(observation.probes)
    .sort()
    .map((name) => observation.probes[name])
    .find((probe) => probe?.protocol === protocol);
  if (result === undefined) return null;
  return {
    up: result.up,
    status: result.status ?? null,
    latencySeconds: result.latencyMs === undefined ? null : result.latencyMs / 1000,
    value: result.value ?? null,
    error: result.error?.message ?? null,
  };
}

function values(seen: TargetSnapshot, metric: MetricName): readonly number[] {
  return (seen.sparklines[metric] ?? []).map(({ value }) => Math.round(value * 1000) / 1000);
}

export function alertView(alert: Alert): AlertView {
  return {
    key: alert.key,
    policy: alert.policy,
    rule: alert.rule,
    severity: alert.severity,
    state: alert.state,
    container: alert.target.name,
    host: alert.target.host,
    message: alert.message,
    since: alert.state === 'pending' ? alert.pendingSince : alert.firedAt,
    firedAt: alert.state === 'pending' ? null : alert.firedAt,
    resolvedAt: alert.state === 'resolved' ? alert.resolvedAt : null,
    notifications: alert.notified.count,
    lastNotifiedAt: alert.notified.lastAt ?? null,
    rejected: alert.notified.rejected ?? null,
  };
}

const stateOrder = ['firing', 'pending', 'resolved'];

/** Firing first, worst first, newest first. */
export function sortedAlerts(snapshot: Snapshot): readonly AlertView[] {
  return snapshot.alerts
    .map(alertView)
    .sort(
      (a, b) =>
        stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) ||
        compareSeverity(b.severity, a.severity) ||
        b.since - a.since,
    );
}

const severityOrder: readonly ContainerView['severity'][] = ['critical', 'warning', 'unknown', 'info', 'ok'];

export function worstFirst(a: ContainerView, b: ContainerView): number {
  return severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity) || a.id.localeCompare(b.id);
}
