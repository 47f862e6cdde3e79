import type { LastNotification } from '../model/snapshot.ts';
import type { DeliveryResult } from '../notify/outbox.ts';

const retryReasons: Readonly<Record<string, string>> = { throttled: 'Throttled', quota: 'BudgetSpent' };
const rejectReasons: Readonly<Record<string, string>> = { sender: 'SenderNotVerified' };

/** How the last attempt went, in the words of the condition NotificationsDelivered. */
export function lastNotification({ notification, delivery, at }: DeliveryResult): LastNotification {
  const base = { at, severity: notification.severity };
  switch (delivery.kind) {
    case 'sent':
      return { ...base, messageId: delivery.messageId };
    case 'retry':
      return { ...base, error: { reason: retryReasons[delivery.reason] ?? 'Retrying', message: delivery.message } };
    default:
      return { ...base, error: { reason: rejectReasons[delivery.reason] ?? 'Rejected', message: delivery.message } };
  }
}
