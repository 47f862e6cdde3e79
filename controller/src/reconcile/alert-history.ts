import { formatDuration } from '../model/duration.ts';
import type { NotificationReason, NotifiedAlert } from '../model/notification.ts';
import type { AlertStatus } from '../model/resources.generated.ts';
import { compareSeverity, severities, type Severity } from '../model/severity.ts';
import { channelKindOf } from '../model/webhook.ts';
import type { Attempt } from './attempt.ts';
import { reasonNames, stateNames } from './alert-object.ts';

/** An Event about one alert, to be recorded. */
export interface AlertEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason:
    | 'Pending'
    | 'Firing'
    | 'Flapping'
    | 'Escalated'
    | 'DeEscalated'
    | 'Dropped'
    | 'Resolved'
    | 'Held'
    | 'Released'
    | 'Acknowledged'
    | 'Unacknowledged'
    | 'Notified'
    | 'Rejected';
  readonly message: string;
}

/**
 * What happened to an alert between two statuses of it, oldest first; `before` is undefined for one that is new. Level-based:
 * what a store that was away missed is told as one step.
 */
export function historyOf(before: AlertStatus | undefined, after: AlertStatus): readonly AlertEvent[] {
  return [
    ...steps(before, after),
    ...flapping(before, after),
    ...heldChanges(before, after),
    ...careChanges(before, after),
  ];
}

function steps(before: AlertStatus | undefined, after: AlertStatus): readonly AlertEvent[] {
  const what = `${after.severity}: ${after.message}`;
  if (before !== undefined && before.state === after.state && !isNewFiring(before, after))
    return changeOfSeverity(before, after);
  switch (after.state) {
    case stateNames.pending:
      return [{ type: 'Normal', reason: 'Pending', message: what }];
    case stateNames.firing:
      return [{ type: 'Warning', reason: 'Firing', message: `${what}${lastTold(after)}` }];
    default:
      return isNewFiring(before, after) || before?.state === stateNames.firing ? [resolved(after)] : [dropped];
  }
}

/** A later firing than the one that was written last; a clock that was set back makes none. */
function isNewFiring(before: AlertStatus | undefined, after: AlertStatus): boolean {
  const known = before?.firingSince ?? before?.earlier?.firingSince;
  return after.firingSince !== undefined && (known === undefined || after.firingSince > known);
}

const dropped: AlertEvent = { type: 'Normal', reason: 'Dropped', message: 'clear again before it fired' };

function lastTold({ lastNotificationTime }: AlertStatus): string {
  return lastNotificationTime === undefined ? '' : `; told last at ${lastNotificationTime}`;
}

const endings: Readonly<Record<string, string>> = {
  [reasonNames.cleared]: 'it is clear',
  [reasonNames.event]: 'it happened once',
  [reasonNames.targetGone]: 'the policy no longer watches it',
  [reasonNames.ruleGone]: 'the policy no longer has that rule',
  [reasonNames.policyGone]: 'the policy is gone',
  [reasonNames.suspended]: 'the policy is suspended',
};

function resolved({ resolvedReason = '', firingSince, resolvedTime }: AlertStatus): AlertEvent {
  const lastedMs = Date.parse(resolvedTime ?? '') - Date.parse(firingSince ?? '');
  const lasted = Number.isNaN(lastedMs) ? '' : ` after ${formatDuration(Math.round(lastedMs / 1000) * 1000)}`;
  return { type: 'Normal', reason: 'Resolved', message: `${endings[resolvedReason] ?? resolvedReason}${lasted}` };
}

function changeOfSeverity(before: AlertStatus, after: AlertStatus): readonly AlertEvent[] {
  const [from, to] = [severityOf(before), severityOf(after)];
  if (after.state !== stateNames.firing || from === undefined || to === undefined || from === to) return [];
  const message = `${from} to ${to}: ${after.message}`;
  return compareSeverity(to, from) > 0
    ? [{ type: 'Warning', reason: 'Escalated', message }]
    : [{ type: 'Normal', reason: 'DeEscalated', message }];
}

function severityOf({ severity }: AlertStatus): Severity | undefined {
  return severities.find((known) => known === severity);
}

function flapping(before: AlertStatus | undefined, { flaps = 0 }: AlertStatus): readonly AlertEvent[] {
  if (flaps <= (before?.flaps ?? 0)) return [];
  const times = flaps === 1 ? 'once' : `${flaps} times`;
  const message = `came and went ${times} untold since the last message: told as one when the cooldown has passed`;
  return [{ type: 'Warning', reason: 'Flapping', message }];
}

/** What keeps it from being told, for as long as it fires. */
function heldChanges(before: AlertStatus | undefined, after: AlertStatus): readonly AlertEvent[] {
  const [was, is] = [holdOf(before), holdOf(after)];
  if (was === is || (is === undefined && after.state !== stateNames.firing)) return [];
  return is === undefined
    ? [{ type: 'Normal', reason: 'Released', message: `no longer ${was}` }]
    : [{ type: 'Normal', reason: 'Held', message: `${is}: not told for as long as that lasts` }];
}

function holdOf(status: AlertStatus | undefined): string | undefined {
  if (status?.silencedBy !== undefined) return `silenced by ${status.silencedBy}`;
  return status?.inhibitedBy === undefined ? undefined : `explained by alert ${status.inhibitedBy}`;
}

function careChanges(before: AlertStatus | undefined, after: AlertStatus): readonly AlertEvent[] {
  const [was, is] = [before?.acknowledgedBy, after.acknowledgedBy];
  if (was === is || after.state !== stateNames.firing) return [];
  return is === undefined
    ? [{ type: 'Normal', reason: 'Unacknowledged', message: 'nobody takes care of it any more: reminders go on' }]
    : [{ type: 'Normal', reason: 'Acknowledged', message: `by ${is}: no reminders until it resolves` }];
}

/** What became of one message about an alert, by one recipient; one that is tried again is no news yet. */
export function tellingEvent(
  { alert, reason }: Pick<NotifiedAlert, 'alert' | 'reason'>,
  { recipient, delivery }: Pick<Attempt, 'recipient' | 'delivery'>,
): AlertEvent | undefined {
  const severity = reason === 'resolved' ? alert.notified.toldSeverity : alert.severity;
  const what = `${reason} (${severity ?? alert.severity}) by ${channelKindOf(recipient)} to ${recipient}`;
  if (delivery.kind === 'retry') return undefined;
  return delivery.kind === 'sent'
    ? { type: 'Normal', reason: 'Notified', message: what }
    : { type: 'Warning', reason: 'Rejected', message: `${what}: ${delivery.message}` };
}

/** Most of the mails of a day are spent. */
export function budgetEvent(reason: NotificationReason): AlertEvent {
  return { type: 'Normal', reason: 'Held', message: `${reason} waits for the budget of mails; a digest will name it` };
}
