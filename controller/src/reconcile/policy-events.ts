import type { AlertChange } from '../model/alert.ts';
import type { Notification } from '../model/notification.ts';
import type { Attempt } from './attempt.ts';

/** An Event about a policy, to be recorded. */
export interface PolicyEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'AlertFiring' | 'AlertEscalated' | 'AlertResolved' | 'NotificationSent' | 'NotificationFailed';
  readonly message: string;
}

/** Undefined for what is no news: a pending alert that comes or goes, a level that calms down. */
export function alertEvent(change: AlertChange): PolicyEvent | undefined {
  const { alert } = change;
  const what = `${alert.target.name}: ${alert.message}`;
  switch (change.kind) {
    case 'fired':
      return { type: 'Warning', reason: 'AlertFiring', message: `${alert.severity}: ${what}` };
    case 'escalated':
      return { type: 'Warning', reason: 'AlertEscalated', message: `${change.from} to ${alert.severity}: ${what}` };
    case 'resolved':
      return {
        type: 'Normal',
        reason: 'AlertResolved',
        message: `${alert.rule} on ${alert.target.name} (${change.alert.resolvedReason})`,
      };
    default:
      return undefined;
  }
}

/** Alerts of a message that an Event names. */
const MAX_NAMED = 5;

function nameAlerts({ alerts }: Notification): string {
  const named = alerts.slice(0, MAX_NAMED).map(({ alert }) => `${alert.rule} on ${alert.target.name}`);
  const more = alerts.length > named.length ? ` and ${alerts.length - named.length} more` : '';
  return `${named.join(', ')}${more}`;
}

/** A message that waits for another attempt is no event; the condition NotificationsDelivered says it. */
export function deliveryEvent({ notification, recipient, delivery }: Attempt): PolicyEvent | undefined {
  const what = `${notification.reason} about ${nameAlerts(notification)}`;
  switch (delivery.kind) {
    case 'sent':
      return { type: 'Normal', reason: 'NotificationSent', message: `${what} to ${recipient} (${delivery.messageId})` };
    case 'rejected':
      return { type: 'Warning', reason: 'NotificationFailed', message: `${what} to ${recipient}: ${delivery.message}` };
    default:
      return undefined;
  }
}
