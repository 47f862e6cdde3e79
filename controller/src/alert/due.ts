import type { Alert, FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { NotificationReason } from '../model/notification.ts';
import type { NotifySpec } from '../model/policy.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { isOwed } from './told.ts';

/** What a policy says about telling. */
export interface NotifyPolicy {
  readonly cooldownMs: number;
  readonly notify: NotifySpec;
}

/** One alert about which a message is due. */
export interface Due {
  readonly alert: FiringAlert | ResolvedAlert;
  readonly reason: NotificationReason;
}

/** The message that is due about an alert now, if one is. */
export function dueReason(alert: Alert, policy: NotifyPolicy, now: number): NotificationReason | undefined {
  if (alert.state === 'pending' || isRejectedLately(alert, policy, now)) return undefined;
  if (alert.silencedBy !== undefined || alert.inhibitedBy !== undefined) return undefined;
  if (compareSeverity(toldAs(alert), policy.notify.minSeverity) < 0) return undefined;
  return alert.state === 'firing' ? dueWhileFiring(alert, policy, now) : dueAfterEnd(alert, policy, now);
}

/** The end is told as the worst that was told, to those who heard of that, whatever it had become since. */
export function toldAs(alert: FiringAlert | ResolvedAlert): Severity {
  const told = alert.notified.toldSeverity;
  return alert.state === 'resolved' && told !== undefined ? told : alert.severity;
}

function dueWhileFiring(alert: FiringAlert, policy: NotifyPolicy, now: number): NotificationReason | undefined {
  const { toldSeverity } = alert.notified;
  if (toldSeverity === undefined) return mayBegin(alert, policy, now) ? 'first' : undefined;
  if (compareSeverity(alert.severity, toldSeverity) > 0) return 'escalated';
  const needsNoReminder = alert.acknowledgedBy !== undefined || isPastEvent(alert);
  return hasCooledDown(alert, policy, now) && !needsNoReminder ? 'reminder' : undefined;
}

/** It happened once, and nobody has been able to look since, or another message told it: there is nothing to remind of. */
function isPastEvent({ eventLike, levels, notified }: FiringAlert): boolean {
  return eventLike && (notified.lastAt === undefined || levels.every(({ unknownSince }) => unknownSince !== undefined));
}

function dueAfterEnd(alert: ResolvedAlert, policy: NotifyPolicy, now: number): NotificationReason | undefined {
  if (!isOwed(alert)) return undefined;
  if (!alert.eventLike) return 'resolved';
  return mayBegin(alert, policy, now) ? 'first' : undefined;
}

/** Firing again within the cooldown is flapping, and silent, unless it is worse than what was told last. */
function mayBegin(alert: FiringAlert | ResolvedAlert, policy: NotifyPolicy, now: number): boolean {
  const { lastSeverity } = alert.notified;
  const worse = lastSeverity !== undefined && compareSeverity(alert.severity, lastSeverity) > 0;
  return worse || hasCooledDown(alert, policy, now);
}

/** Strictly after, as the first check after the cooldown. */
function hasCooledDown({ notified }: Alert, { cooldownMs }: NotifyPolicy, now: number): boolean {
  return notified.lastAt === undefined || now - notified.lastAt > cooldownMs;
}

function isRejectedLately({ notified }: Alert, { cooldownMs }: NotifyPolicy, now: number): boolean {
  return notified.rejectedAt !== undefined && now - notified.rejectedAt <= cooldownMs;
}
