import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { done, refused, type DashboardActions, type Outcome } from '../../dashboard/actions.ts';
import type { TestMailAnswer } from '../../dashboard/answers/mails.ts';
import type { MailDetails } from '../../dashboard/details.ts';
import { isEmailAddress } from '../../notify/address.ts';
import type { MailRing } from '../../notify/mail-ring.ts';
import type { Outbox } from '../../notify/outbox.ts';
import type { SesNotifier } from '../../notify/ses.ts';
import { sendTestMails, testMail } from '../../notify/test-mail.ts';

export interface MailDeskDeps {
  readonly mails: MailRing;
  readonly outbox: Pick<Outbox, 'snapshot'>;
  readonly notifier: Pick<SesNotifier, 'send'>;
  readonly config: Pick<Config, 'email' | 'dashboard'>;
  readonly clock: Clock;
}

/** A button must not be a way to spend the quota of SES, or to write to strangers. */
const TEST_EVERY_MS = 10_000;
const MAX_RECIPIENTS = 20;

/** Mails as people look them up, and the test mail. */
export function createMailDesk(deps: MailDeskDeps): MailDetails & Pick<DashboardActions, 'sendTestMail'> {
  const { mails, outbox, config, clock } = deps;
  let testedAt = Number.NEGATIVE_INFINITY;
  return {
    list() {
      const { configured, message, waiting } = outbox.snapshot();
      return { mails: mails.list(), since: mails.since(), email: { configured, message, waiting } };
    },
    html: mails.html,
    async sendTestMail(to) {
      const wanted = to === undefined ? config.email.recipients : [to];
      const recipients = wanted.filter(isEmailAddress).slice(0, MAX_RECIPIENTS);
      const { sender } = config.email;
      if (sender === undefined) return refused('unavailable', 'no sender: set SENDER_EMAIL');
      if (recipients.length === 0) {
        return refused('invalid', to === undefined ? 'no recipient: set RECIPIENT_EMAILS' : `${to} is no mail address`);
      }
      if (clock.now() - testedAt < TEST_EVERY_MS)
        return refused('busy', 'a test was sent a moment ago; wait ten seconds');
      testedAt = clock.now();
      return sendTest(deps, sender, recipients);
    },
  };
}

async function sendTest(
  { mails, notifier, config, clock }: MailDeskDeps,
  from: string,
  to: readonly string[],
): Promise<Outcome<TestMailAnswer>> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const content = testMail({ now: clock.now(), dashboardUrl: config.dashboard.url, timeZone });
  const results = await sendTestMails(notifier, content, { from, to });
  mails.tested(results, content);
  return done({
    results: results.map(({ to: recipient, delivery }) => ({
      recipient,
      sent: delivery.kind === 'sent',
      message: delivery.kind === 'sent' ? `accepted, message ${delivery.messageId}` : delivery.message,
    })),
  });
}
