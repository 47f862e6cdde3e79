import { createHash } from 'node:crypto';
import type { FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { MailThread } from '../model/mail-parts.ts';
import type { Notification } from '../model/notification.ts';

/** Alerts that a message refers to at most: the header stays short, and readers thread by any one of them. */
const MAX_ALERTS = 20;
/** Of an alert's key; what is longer is no name of ours. */
const MAX_KEY_LENGTH = 2000;

/** The thread of a message: one id for each alert and firing that it speaks of. */
export function threadOf(notification: Notification): MailThread {
  const alerts = notification.alerts.slice(0, MAX_ALERTS).map(({ alert }) => alert);
  return { ids: alerts.map(threadId), alerts: alerts.map(({ key }) => key) };
}

/** `<alert-HASH@foghorn>`: what the firing is, and nothing that changes while it lasts. */
function threadId({ policyUid, key, firedAt }: FiringAlert | ResolvedAlert): string {
  const firing = JSON.stringify([policyUid, key.slice(0, MAX_KEY_LENGTH), firedAt]);
  return `<alert-${createHash('sha256').update(firing).digest('hex').slice(0, 24)}@foghorn>`;
}
