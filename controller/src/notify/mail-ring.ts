import type { Clock } from '../clock.ts';
import type { Alert } from '../model/alert.ts';
import type { EmailContent, Notification } from '../model/notification.ts';
import { heldMail, newMail, selfContained, stateOf, testedMail, withResult, type KeptMail } from './mail-kept.ts';
import { createMailPages } from './mail-pages.ts';
import type { DeliveryResult } from './outbox.ts';
import type { TestMailResult } from './test-mail.ts';

/** The last messages, in memory only: what must last stands in the alerts. */
export interface MailRing {
  /** All that is due now, so that what waits for its first attempt is seen too. */
  offered(planned: readonly Notification[]): void;
  /** What the budget holds back now. */
  budgetHolds(held: readonly Notification[]): void;
  /** Alerts as they are written: those that fire and are not told have a reason. */
  written(alerts: readonly Alert[]): void;
  rendered(notification: Notification, content: EmailContent): void;
  delivered(result: DeliveryResult): void;
  tested(results: readonly TestMailResult[], content: EmailContent): void;
  /** Newest first. */
  list(): readonly KeptMail[];
  html(id: string): string | undefined;
  /** Since when nothing is missing. */
  since(): number;
}

const MAX_MAILS = 200;

export function createMailRing(clock: Clock): MailRing {
  const mails = new Map<string, KeptMail>();
  const pages = createMailPages();
  let since = clock.now();

  /** The newest at the end, whatever it was before. */
  function put(mail: KeptMail): void {
    mails.delete(mail.id);
    mails.set(mail.id, mail);
    if (mails.size <= MAX_MAILS) return;
    const [oldest] = mails.values();
    if (oldest === undefined) return;
    mails.delete(oldest.id);
    pages.drop(oldest.id);
    since = Math.max(since, oldest.at);
  }

  function mailOf(notification: Notification): KeptMail {
    return mails.get(notification.id) ?? newMail(notification, clock.now());
  }

  return {
    offered(planned) {
      const due = new Set(planned.map(({ id }) => id));
      for (const notification of planned) if (!mails.has(notification.id)) put(newMail(notification, clock.now()));
      for (const mail of mails.values()) {
        const isUntried = mail.recipients.every(({ attempts }) => attempts === 0);
        if (mail.state === 'waiting' && isUntried && !due.has(mail.id)) mails.delete(mail.id);
      }
    },
    budgetHolds(held) {
      for (const notification of held) {
        const mail = mailOf(notification);
        if (mail.heldBackBy !== 'budget') put({ ...mail, at: clock.now(), state: 'heldBack', heldBackBy: 'budget' });
      }
    },
    written(alerts) {
      for (const alert of alerts) {
        const held = heldMail(alert, clock.now());
        const known = held && mails.get(held.id);
        if (held !== undefined && known?.heldBackBy !== held.heldBackBy) put(held);
      }
    },
    rendered(notification, content) {
      const html = pages.keep(notification.id, selfContained(content));
      put({ ...mailOf(notification), subject: content.subject, html });
    },
    delivered(result) {
      const { notification, at } = result;
      const mail = mailOf(notification);
      const recipients = withResult(mail.recipients, result);
      put({ ...mail, at, recipients, state: stateOf(recipients), heldBackBy: null });
    },
    tested(results, content) {
      const at = clock.now();
      const id = `test@${at}`;
      const html = pages.keep(id, selfContained(content));
      put(testedMail(results, { id, at, subject: content.subject, html }));
    },
    list: () => [...mails.values()].map((mail) => ({ ...mail, html: pages.find(mail.id) !== undefined })).toReversed(),
    html: pages.find,
    since: () => since,
  };
}
