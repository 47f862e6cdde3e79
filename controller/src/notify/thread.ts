import { createHash } from 'node:crypto';
import type { FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { MailThread } from '../model/mail-parts.ts';
import type { Notification } from '../model/notification.ts';

/** The thread of a message: one id for each alert and firing that it speaks of. */
export function threadOf({ alerts }: Notification): MailThread {
  return { ids: alerts.map(({ alert }) => threadId(alert)), alerts: alerts.map(({ alert }) => alert.key) };
}

/** `<alert-HASH@foghorn>`: what the firing is, and nothing that changes while it lasts. */
function threadId({ policyUid, key, firedAt }: FiringAlert | ResolvedAlert): string {
  const firing = JSON.stringify([policyUid, key, firedAt]);
  return `<alert-${createHash('sha256').update(firing).digest('hex').slice(0, 24)}@foghorn>`;
}
