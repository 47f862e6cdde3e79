import type { LoadReader } from '../model/load-test.ts';
import type { Alert } from '../model/alert.ts';
import type { HostStatus } from '../model/host.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Observation } from '../model/observation.ts';
import type { Problem } from '../model/problem.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { EmailSnapshot, PolicySnapshot, Snapshot, TargetSnapshot } from '../model/snapshot.ts';
import type { Windows } from '../record/window.ts';
import type { PolicyRun } from './policy-run.ts';
import { allRecipients, type DefaultRecipients } from './recipients.ts';
import type { Sightings } from './sightings.ts';

/** Points of a sparkline on the page. */
const SPARKLINE_POINTS = 60;
const sparklineMetrics: readonly MetricName[] = ['cpu', 'memory', 'latency'];

export interface SnapshotInput {
  readonly at: number;
  readonly hosts: readonly HostStatus[];
  readonly runs: readonly PolicyRun[];
  readonly alerts: readonly Alert[];
  readonly problems: readonly Problem[];
  readonly email: EmailSnapshot;
  readonly sightings: Sightings;
  readonly defaults: DefaultRecipients;
  readonly loads?: LoadReader | undefined;
}

/** Without sparklines: those of thousands of targets cost more than all the rest. */
export function buildSnapshot(input: SnapshotInput): Snapshot {
  const { at, hosts, runs, alerts, problems, email } = input;
  const alertsByTarget = Map.groupBy(alerts, ({ target }) => target.id);
  const targets = input.sightings
    .targetIds()
    .flatMap((id) => targetSnapshot(id, input, alertsByTarget.get(id) ?? []) ?? []);
  const policies = runs.map((run) => policySnapshot(run, input));
  return { at, hosts, targets, alerts, problems, email, policies, loadTests: input.loads?.list() };
}

function targetSnapshot(
  id: string,
  { sightings, loads }: SnapshotInput,
  alerts: readonly Alert[],
): TargetSnapshot | undefined {
  const observation = sightings.latest(id);
  if (observation === undefined) return undefined;
  return {
    observation,
    policies: sightings.policiesOf(id),
    severity: highestFiring(alerts),
    loadtest: loads?.on(id),
    sparklines: {},
  };
}

export interface Snapshots {
  snapshot(): Snapshot;
  /** The snapshot without sparklines. */
  overview(): Snapshot;
  sparklines(targetId: string): TargetSnapshot['sparklines'];
}

/** What readers ask for: the whole snapshot, or its parts. */
export function snapshots(overview: () => Snapshot, windows: Windows): Snapshots {
  const sparklines = (targetId: string): TargetSnapshot['sparklines'] =>
    Object.fromEntries(
      sparklineMetrics.map((metric) => [metric, windows.sparkline(targetId, metric, SPARKLINE_POINTS)]),
    );
  const snapshot = (): Snapshot => {
    const { targets, ...rest } = overview();
    const drawn = targets.map((seen) => ({ ...seen, sparklines: sparklines(seen.observation.target.id) }));
    return { ...rest, targets: drawn };
  };
  return { overview, snapshot, sparklines };
}

export function policySnapshot(
  run: PolicyRun,
  { alerts, sightings, defaults }: Pick<SnapshotInput, 'alerts' | 'sightings' | 'defaults'>,
): PolicySnapshot {
  const { policy, compiled, watched, unknownByTarget } = run;
  const unknown = [...unknownByTarget.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    key: policy.key,
    uid: policy.uid,
    generation: policy.generation,
    suspended: policy.suspend,
    intervalMs: policy.intervalMs,
    targets: countTargets([...watched.keys()].flatMap((id) => sightings.latest(id) ?? [])),
    rules: { valid: policy.rules.length - compiled.invalid.length, invalid: compiled.invalid },
    alerts: countAlerts(
      alerts.filter((alert) => alert.policy === policy.key),
      unknown,
    ),
    lastEvaluationAt: run.lastEvaluationAt,
    lastNotification: run.lastNotification,
    recipients: allRecipients(policy.notify, defaults).map((recipient) => ({
      recipient,
      last: run.lastByRecipient.get(recipient),
    })),
    ...(run.heldBack > 0 && { heldBack: run.heldBack }),
  };
}

/** Worst severity that fires among these alerts. */
export function highestFiring(alerts: readonly Alert[]): Severity | undefined {
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ severity }) => severity)
    .sort(compareSeverity)
    .at(-1);
}

/** How the targets of a policy are: an ended or missing container is down, one that could not be looked at neither. */
export function countTargets(observations: readonly Observation[]): PolicySnapshot['targets'] {
  const unreachable = observations.filter(({ kind }) => kind === 'unreachable').length;
  const up = observations.filter((seen) => seen.kind === 'observed' && seen.state === 'running').length;
  return { matched: observations.length, up, unreachable, down: observations.length - up - unreachable };
}

function countAlerts(alerts: readonly Alert[], unknown: number): PolicySnapshot['alerts'] {
  const firing = alerts.filter(({ state }) => state === 'firing');
  return {
    pending: alerts.filter(({ state }) => state === 'pending').length,
    firing: firing.length,
    silenced: firing.filter(({ silencedBy }) => silencedBy !== undefined).length,
    unknown,
    highestSeverity: highestFiring(alerts),
  };
}
