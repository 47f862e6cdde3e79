import type { LastNotification } from '../model/snapshot.ts';
import type { DeliveryResult } from '../notify/outbox.ts';
import type { PolicyRun } from './policy-run.ts';

const retryReasons: Readonly<Record<string, string>> = { throttled: 'Throttled', quota: 'BudgetSpent' };
const rejectReasons: Readonly<Record<string, string>> = { sender: 'SenderNotVerified' };

/** More than a policy can name; older ones stem from its earlier versions. */
const MAX_RECIPIENTS = 1000;

/** Remembers how an attempt went: of the policy, and of the recipient. */
export function noteDelivery(run: PolicyRun, result: DeliveryResult): void {
  const { lastByRecipient } = run;
  const last = lastNotification(result);
  run.lastNotification = last;
  lastByRecipient.delete(result.recipient);
  lastByRecipient.set(result.recipient, last);
  const oldest = lastByRecipient.keys().next();
  if (lastByRecipient.size > MAX_RECIPIENTS && oldest.done !== true) lastByRecipient.delete(oldest.value);
}

/** In the words of the condition NotificationsDelivered. */
function lastNotification({ notification, delivery, at }: DeliveryResult): LastNotification {
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
