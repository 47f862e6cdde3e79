import type { KubeObject } from '../kube/client.ts';
import type { Alert, AlertLevel, NotificationRecord, PendingAlert, ResolvedAlert } from '../model/alert.ts';
import type {
  AlertSpec,
  AlertStatus,
  AlertStatusEarlier,
  AlertStatusLevel,
  AlertStatusValue,
} from '../model/resources.generated.ts';
import { severities, type Severity } from '../model/severity.ts';
import type { Values } from '../model/verdict.ts';
import { reasonNames, stateNames } from './alert-object.ts';

/** The alert that an object holds; undefined when it holds none that can be carried on (no status yet). */
export function alertFromObject(object: KubeObject): Alert | undefined {
  const status = object.status as AlertStatus | undefined;
  if (status === undefined) return undefined;
  const pending = pendingAlert(object, status);
  if (pending === undefined) return undefined;
  if (status.state === stateNames.pending) return { ...pending, earlier: earlierOf(pending, status.earlier) };
  const firedAt = epoch(status.firingSince);
  if (firedAt === undefined) return undefined;
  const resolvedAt = epoch(status.resolvedTime);
  if (status.state !== stateNames.resolved || resolvedAt === undefined) return { ...pending, state: 'firing', firedAt };
  return { ...pending, state: 'resolved', firedAt, resolvedAt, resolvedReason: reasonOf(status.resolvedReason) };
}

function pendingAlert(object: KubeObject, status: AlertStatus): PendingAlert | undefined {
  const severity = severityOf(status.severity);
  const pendingSince = epoch(status.pendingSince);
  if (severity === undefined || pendingSince === undefined) return undefined;
  return {
    ...identityOf(object),
    state: 'pending',
    severity,
    pendingSince,
    message: status.message ?? '',
    actions: status.actions ?? [],
    values: valuesOf(status.values ?? []),
    levels: (status.levels ?? []).flatMap(levelOf),
    eventLike: status.eventLike ?? false,
    notified: notifiedOf(status),
    silencedBy: status.silencedBy,
    inhibitedBy: status.inhibitedBy,
    acknowledgedBy: status.acknowledgedBy,
  };
}

/** What is not kept of the firing before (values, actions) nobody is told any more. */
function earlierOf(pending: PendingAlert, status: AlertStatusEarlier | undefined): ResolvedAlert | undefined {
  if (status === undefined) return undefined;
  const [pendingSince, firedAt, resolvedAt] = [status.pendingSince, status.firingSince, status.resolvedTime].map(epoch);
  const severity = severityOf(status.severity);
  if (pendingSince === undefined || firedAt === undefined || resolvedAt === undefined || severity === undefined)
    return undefined;
  return {
    ...pending,
    state: 'resolved',
    severity,
    message: status.message ?? '',
    eventLike: status.eventLike ?? false,
    values: {},
    actions: [],
    levels: [],
    pendingSince,
    firedAt,
    resolvedAt,
    resolvedReason: reasonOf(status.resolvedReason),
  };
}

function identityOf({
  metadata,
  spec: admitted,
}: KubeObject): Pick<Alert, 'key' | 'policy' | 'policyUid' | 'rule' | 'target'> {
  const spec = admitted as AlertSpec;
  const policy = `${metadata.namespace ?? ''}/${spec.policy}`;
  return {
    key: `${policy}|${spec.rule}|${spec.target.id}`,
    policy,
    policyUid: metadata.ownerReferences?.[0]?.uid ?? '',
    rule: spec.rule,
    target: targetOf(spec.target),
  };
}

function targetOf({ id, host, namespace = '', name, kind }: AlertSpec['target']): Alert['target'] {
  const target = { id, host, namespace, name };
  return kind === 'Host' ? { ...target, kind: 'host' } : target;
}

const reasons: readonly ResolvedAlert['resolvedReason'][] = [
  'cleared',
  'event',
  'targetGone',
  'ruleGone',
  'policyGone',
  'suspended',
];

function reasonOf(name: string | undefined): ResolvedAlert['resolvedReason'] {
  return reasons.find((reason) => reasonNames[reason] === name) ?? 'cleared';
}

function levelOf(status: AlertStatusLevel): readonly AlertLevel[] {
  const severity = severityOf(status.severity);
  const breachedSince = epoch(status.breachedSince);
  if (severity === undefined || breachedSince === undefined) return [];
  return [
    {
      severity,
      breachedSince,
      firing: status.firing,
      clearSince: epoch(status.clearSince),
      unknownSince: epoch(status.unknownSince),
    },
  ];
}

function notifiedOf(status: AlertStatus): NotificationRecord {
  return {
    count: status.notifications ?? 0,
    lastAt: epoch(status.lastNotificationTime),
    toldSeverity: severityOf(status.toldSeverity),
    resolvedTold: status.resolvedTold ?? false,
    flaps: status.flaps ?? 0,
    rejected: status.rejected,
    rejectedAt: epoch(status.rejectedTime),
    lastSeverity: severityOf(status.lastSeverity),
  };
}

function valuesOf(values: readonly AlertStatusValue[]): Values {
  return Object.fromEntries(
    values.map(({ name, type, value }) => {
      if (type === 'Number') return [name, Number(value)];
      return [name, type === 'Boolean' ? value === 'true' : value];
    }),
  );
}

function severityOf(name: string | undefined): Severity | undefined {
  return severities.find((severity) => severity === name);
}

function epoch(text: string | undefined): number | undefined {
  const epochMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
