import type { Alert, NotificationRecord, ResolvedAlert } from '../model/alert.ts';
import type { NotificationReason } from '../model/notification.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';

/** What a message said of one alert, which may have changed while it was under way. */
export interface Told {
  readonly key: string;
  readonly reason: NotificationReason;
  readonly severity: Severity;
}

/** How the sending of a message ended. */
export type SendResult =
  | { readonly kind: 'sent' }
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Nobody wants this one (`sendResolved: false`), or another message says it: as good as told. */
  | { readonly kind: 'waived' };

/** The alert after a message about it was sent, refused for good, or waived. */
export function recordResult(alert: Alert, told: Told, result: SendResult, now: number): Alert {
  const { notified } = alert;
  switch (result.kind) {
    case 'rejected':
      return { ...alert, notified: { ...notified, rejected: result.reason, rejectedAt: now } };
    case 'waived':
      return {
        ...alert,
        // Another message told this event: none of its own is the last one any more, so that nothing reminds of it.
        notified: {
          ...notified,
          resolvedTold: true,
          ...(alert.eventLike && { toldSeverity: told.severity, lastAt: undefined }),
        },
      };
    default:
      return { ...alert, notified: sent(alert, told, now) };
  }
}

function sent(alert: Alert, { reason, severity }: Told, now: number): NotificationRecord {
  const { notified } = alert;
  const told = notified.toldSeverity;
  const worst = told !== undefined && compareSeverity(told, severity) > 0 ? told : severity;
  const record = { count: notified.count + 1, lastAt: now, flaps: 0 };
  if (reason === 'resolved') {
    // Of a firing that began while the end of the one before was under way, nothing was told.
    const ended = alert.state === 'resolved';
    return { ...record, lastSeverity: worst, resolvedTold: true, ...(ended && { toldSeverity: told }) };
  }
  const resolvedTold = alert.state !== 'resolved' || alert.eventLike;
  return { ...record, lastSeverity: severity, toldSeverity: worst, resolvedTold };
}

/** Something about this resolved alert was not told yet: of an event that it was, of a firing that it ended. */
export function isOwed({ eventLike, notified, resolvedReason }: ResolvedAlert): boolean {
  if (resolvedReason === 'suspended') return false;
  if (eventLike) return notified.toldSeverity === undefined;
  return notified.toldSeverity !== undefined && !notified.resolvedTold;
}
