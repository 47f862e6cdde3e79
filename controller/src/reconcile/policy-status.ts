import type { WantedCondition } from '../kube/conditions.ts';
import type { HostStatus } from '../model/host.ts';
import type { MonitorPolicyStatus } from '../model/resources.generated.ts';
import type { EmailSnapshot, PolicySnapshot } from '../model/snapshot.ts';
import { deliveryCondition, type AlertmanagerSnapshot } from './delivery-condition.ts';
import type { NamespaceLimit } from './policy-namespaces.ts';

export interface PolicyFacts {
  readonly snapshot: PolicySnapshot;
  readonly hosts: readonly HostStatus[];
  readonly email: EmailSnapshot;
  readonly alertmanager?: AlertmanagerSnapshot | undefined;
  /** Namespaces that it watches; absent: all. */
  readonly namespaces?: readonly string[] | undefined;
  readonly namespaceLimit?: NamespaceLimit | undefined;
}

/** Conditions of a policy that is in force, from what the pipeline says of it. */
export function policyConditions(facts: PolicyFacts): readonly WantedCondition[] {
  return [readyCondition(facts), alertingCondition(facts.snapshot), deliveryCondition(facts)];
}

/** Conditions of an object that cannot be put in force. */
export function invalidConditions(message: string): readonly WantedCondition[] {
  return [
    { type: 'Ready', status: 'False', reason: 'InvalidSpec', message },
    { type: 'Stalled', status: 'True', reason: 'InvalidSpec', message },
  ];
}

function readyCondition({ snapshot, hosts, namespaces, namespaceLimit }: PolicyFacts): WantedCondition {
  if (snapshot.suspended) return ready('True', 'Suspended', 'suspended: nothing is checked and nobody is mailed');
  if (snapshot.rules.invalid.length > 0) {
    const names = snapshot.rules.invalid.map(({ name, message }) => `${name}: ${message}`);
    return ready('False', 'InvalidSpec', `rules that cannot run are left out: ${names.join('; ')}`);
  }
  if (namespaceLimit?.kind === 'unseen') return ready('False', 'NamespaceNotSeen', namespaceLimit.message);
  const away = hosts.flatMap((host) => (host.reachable ? [] : [`${host.host}: ${host.message}`]));
  if (away.length > 0) return ready('False', 'SourceUnreachable', away.join('; '));
  if (snapshot.lastEvaluationAt === undefined) return ready('Unknown', 'Progressing', 'not yet evaluated');
  const note = namespaceLimit === undefined ? '' : `; ${namespaceLimit.message}`;
  if (snapshot.targets.matched === 0) {
    const where = namespaces === undefined ? '' : ` of namespace ${namespaces.join(', ')}`;
    return ready('False', 'NoTargetsMatched', `no container${where} matches selector and containerNames${note}`);
  }
  return ready(
    'True',
    'Evaluating',
    `watching ${snapshot.targets.matched} of the containers, ${snapshot.rules.valid} rules${note}`,
  );
}

function ready(status: WantedCondition['status'], reason: string, message: string): WantedCondition {
  return { type: 'Ready', status, reason, message };
}

function alertingCondition({ alerts }: PolicySnapshot): WantedCondition {
  if (alerts.firing === 0)
    return { type: 'Alerting', status: 'False', reason: 'NoActiveAlerts', message: 'no alert is firing' };
  const worst = `the worst is ${alerts.highestSeverity ?? 'unknown'}`;
  const silenced = alerts.silenced === 0 ? '' : `, ${alerts.silenced} of them silenced`;
  const reason = alerts.silenced === alerts.firing ? 'AlertsSilenced' : 'AlertsFiring';
  return { type: 'Alerting', status: 'True', reason, message: `${alerts.firing} firing${silenced}, ${worst}` };
}

/** Counts and times of the status; conditions are merged in apart. */
export function policyCounts({
  snapshot,
}: PolicyFacts): Omit<MonitorPolicyStatus, 'conditions' | 'lastEvaluationTime'> {
  const { lastNotification, rules, alerts } = snapshot;
  return {
    observedGeneration: snapshot.generation,
    targets: snapshot.targets,
    rules: { valid: rules.valid, invalid: rules.invalid.length, unknown: alerts.unknown },
    alerts: {
      pending: alerts.pending,
      firing: alerts.firing,
      silenced: alerts.silenced,
      highestSeverity: alerts.highestSeverity,
    },
    lastNotification: lastNotification && {
      time: new Date(lastNotification.at).toISOString(),
      severity: lastNotification.severity,
      messageId: lastNotification.messageId,
      error: lastNotification.error?.message,
    },
  };
}

/** How often a status may be written for its time alone. */
export const EVALUATION_TIME_EVERY_MS = 60_000;

/** The evaluation time to write: a newer one only once a minute, so that a calm policy writes nothing between. */
export function evaluationTime(written: string | undefined, lastEvaluationAt: number | undefined): string | undefined {
  if (lastEvaluationAt === undefined) return written;
  const writtenAt = written === undefined ? Number.NEGATIVE_INFINITY : Date.parse(written);
  return Math.abs(lastEvaluationAt - writtenAt) < EVALUATION_TIME_EVERY_MS
    ? written
    : new Date(lastEvaluationAt).toISOString();
}
