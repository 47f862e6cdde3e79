import { createHash } from 'node:crypto';
import { alerts as alertResource, type KubeObject } from '../kube/client.ts';
import type { Alert, AlertLevel, AlertTarget, ResolvedAlert } from '../model/alert.ts';
import type { AlertSpec, AlertStatus, AlertStatusEarlier, AlertStatusLevel } from '../model/resources.generated.ts';

/** Readable part of an object name; with the hash it stays below 253 characters. */
const MAX_NAME_PREFIX = 200;
const MAX_LABEL = 63;

/** Made from the key alone, so that two writers can never make twins. */
export function alertObjectName(alert: Pick<Alert, 'key' | 'policy' | 'rule' | 'target'>): string {
  const policyName = alert.policy.split('/').at(-1) ?? '';
  const readable = `${policyName}-${alert.rule}-${alert.target.name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MAX_NAME_PREFIX);
  const hash = createHash('sha256').update(alert.key).digest('hex').slice(0, 10);
  return `${readable === '' ? 'alert' : readable}-${hash}`;
}

/** Its object lies beside its policy. */
export function namespaceOf({ policy }: Pick<Alert, 'policy'>): string {
  return policy.split('/', 1)[0] ?? '';
}

/** The object that holds an alert: spec says which, status where it stands. */
export function alertToObject(alert: Alert): KubeObject {
  const [namespace = 'default', policyName = ''] = alert.policy.split('/');
  const spec: AlertSpec = {
    policy: policyName,
    rule: alert.rule,
    severity: alert.severity,
    target: targetSpec(alert.target),
  };
  return {
    apiVersion: `${alertResource.group}/${alertResource.version}`,
    kind: alertResource.kind,
    metadata: {
      name: alertObjectName(alert),
      namespace,
      labels: {
        'foghorn.dev/policy': labelValue(policyName),
        'foghorn.dev/rule': labelValue(alert.rule),
        'foghorn.dev/severity': alert.severity,
        'foghorn.dev/target': labelValue(alert.target.name),
      },
      ownerReferences: [
        {
          apiVersion: 'foghorn.dev/v1alpha1',
          kind: 'MonitorPolicy',
          name: policyName,
          uid: alert.policyUid,
          controller: true,
        },
      ],
    },
    spec,
    status: alertStatus(alert),
  };
}

function targetSpec({ kind, ...target }: AlertTarget): AlertSpec['target'] {
  return kind === undefined ? target : { ...target, kind: 'Host' };
}

export function alertStatus(alert: Alert): AlertStatus {
  const { notified } = alert;
  return {
    state: stateNames[alert.state],
    severity: alert.severity,
    message: alert.message,
    actions: alert.actions,
    values: Object.entries(alert.values).map(([name, value]) => ({
      name,
      type: typeNames[typeof value] ?? 'String',
      value: String(value),
    })),
    pendingSince: time(alert.pendingSince),
    firingSince: alert.state === 'pending' ? undefined : time(alert.firedAt),
    resolvedTime: alert.state === 'resolved' ? time(alert.resolvedAt) : undefined,
    resolvedReason: alert.state === 'resolved' ? reasonNames[alert.resolvedReason] : undefined,
    levels: alert.levels.map(levelStatus),
    eventLike: alert.eventLike,
    notifications: notified.count,
    lastNotificationTime: time(notified.lastAt),
    toldSeverity: notified.toldSeverity,
    resolvedTold: notified.resolvedTold,
    flaps: notified.flaps,
    rejected: notified.rejected,
    rejectedTime: time(notified.rejectedAt),
    lastSeverity: notified.lastSeverity,
    silencedBy: alert.silencedBy,
    inhibitedBy: alert.inhibitedBy,
    acknowledgedBy: alert.acknowledgedBy,
    earlier: alert.state === 'pending' ? earlierStatus(alert.earlier) : undefined,
  };
}

export const stateNames: Readonly<Record<Alert['state'], string>> = {
  pending: 'Pending',
  firing: 'Firing',
  resolved: 'Resolved',
};
const typeNames: Readonly<Record<string, string>> = { number: 'Number', string: 'String', boolean: 'Boolean' };
export const reasonNames: Readonly<Record<ResolvedAlert['resolvedReason'], string>> = {
  cleared: 'Cleared',
  event: 'Event',
  targetGone: 'TargetGone',
  ruleGone: 'RuleGone',
  policyGone: 'PolicyGone',
  suspended: 'Suspended',
};
function earlierStatus(earlier: ResolvedAlert | undefined): AlertStatusEarlier | undefined {
  return (
    earlier && {
      severity: earlier.severity,
      message: earlier.message,
      eventLike: earlier.eventLike,
      pendingSince: time(earlier.pendingSince),
      firingSince: time(earlier.firedAt),
      resolvedTime: time(earlier.resolvedAt),
      resolvedReason: reasonNames[earlier.resolvedReason],
    }
  );
}

function levelStatus(level: AlertLevel): AlertStatusLevel {
  return {
    severity: level.severity,
    breachedSince: new Date(level.breachedSince).toISOString(),
    firing: level.firing,
    clearSince: time(level.clearSince),
    unknownSince: time(level.unknownSince),
  };
}

function time(epochMs: number | undefined): string | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
}

/** Label values allow letters, digits, `-`, `_` and `.` within 63 characters, and begin and end with a letter or digit. */
function labelValue(text: string): string {
  return text
    .replaceAll(/[^a-zA-Z0-9_.-]/g, '-')
    .slice(0, MAX_LABEL)
    .replaceAll(/^[^a-zA-Z0-9]+|[^a-zA-Z0-9]+$/g, '');
}
