import type { Alert, FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { NotificationReason } from '../model/notification.ts';
import { compareSeverity, severities, type Severity } from '../model/severity.ts';
import { dueReason, type Due, type NotifyPolicy } from './due.ts';
import { group } from './group.ts';

/** A message that is due, or would be. */
export type Planned = PlannedMessage | SkippedMessage;

export interface PlannedMessage extends PlannedBase {
  readonly kind: 'message';
  /** The same for the same message at every tick, until it was sent. */
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** It stays due as long as its cause lasts; `ResolvedNotWanted` is to be marked as waived. */
export interface SkippedMessage extends PlannedBase {
  readonly kind: 'skipped';
  readonly skipped: 'NoRecipients' | 'NoSender' | 'ResolvedNotWanted';
}

interface PlannedBase {
  readonly reason: NotificationReason;
  readonly policy: string;
  readonly severity: Severity;
  /** Worst first, never empty. */
  readonly alerts: readonly (FiringAlert | ResolvedAlert)[];
}

export interface PlanInput {
  readonly alerts: readonly Alert[];
  /** By policy key; of a policy that is not here nothing is due. */
  readonly policies: ReadonlyMap<string, NotifyPolicy>;
  readonly defaults: { readonly from?: string | undefined; readonly to: readonly string[] };
  readonly now: number;
  /** Why nothing may be said about an alert for now (silenced, inhibited, under way); asked again at every tick. */
  readonly hold?: ((alert: FiringAlert | ResolvedAlert, reason: NotificationReason) => string | undefined) | undefined;
}

/** What is due now. Says the same again until the book is told how it went. */
export function planNotifications(input: PlanInput): readonly Planned[] {
  const due = input.alerts.flatMap((alert) => findDue(alert, input) ?? []);
  return group(due)
    .flatMap((members) => plan(members, input) ?? [])
    .toSorted((a, b) => compareSeverity(b.severity, a.severity));
}

function findDue(alert: Alert, { policies, now, hold }: PlanInput): Due | undefined {
  const policy = policies.get(alert.policy);
  const reason = policy && dueReason(alert, policy, now);
  if (reason === undefined || alert.state === 'pending') return undefined;
  return hold?.(alert, reason) === undefined ? { alert, reason } : undefined;
}

function plan(members: readonly [Due, ...Due[]], { policies, defaults }: PlanInput): Planned | undefined {
  const [{ alert, reason }] = members;
  const notify = policies.get(alert.policy)?.notify;
  if (notify === undefined) return undefined;
  const alerts = members
    .map((member) => member.alert)
    .toSorted((a, b) => compareSeverity(severityOf(b), severityOf(a)));
  const message = { reason, policy: alert.policy, severity: alerts.map(severityOf).reduce(worse), alerts };
  if (reason === 'resolved' && !notify.sendResolved)
    return { kind: 'skipped', skipped: 'ResolvedNotWanted', ...message };
  const to = notify.to ?? defaults.to;
  if (to.length === 0) return { kind: 'skipped', skipped: 'NoRecipients', ...message };
  const from = notify.from ?? defaults.from;
  if (from === undefined) return { kind: 'skipped', skipped: 'NoSender', ...message };
  return { kind: 'message', id: idOf(members), from, to, ...message };
}

/** The end of a critical alert is as important as its beginning, even when it had calmed down. */
function severityOf({ state, severity, notified }: FiringAlert | ResolvedAlert): Severity {
  return state === 'resolved' ? worse(severity, notified.toldSeverity ?? severities[0]) : severity;
}

function worse(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) >= 0 ? a : b;
}

function idOf(members: readonly Due[]): string {
  return members
    .map(({ alert, reason }) => [alert.key, alert.firedAt, reason, alert.notified.count].join('@'))
    .join('+');
}
