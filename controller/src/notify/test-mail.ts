import type { Delivery, EmailContent } from '../model/notification.ts';
import { cleanLine } from './render/clean.ts';
import { formatInstant } from './render/format-time.ts';
import { renderNotice } from './render/notice.ts';
import type { RenderContext } from './render/tone.ts';
import type { Notifier } from './notifier.ts';

/** A mail that shows that mails arrive; it says of itself that nothing is wrong. */
export function testMail({ now, dashboardUrl, timeZone }: Omit<RenderContext, 'pictures'>): EmailContent {
  const notice = renderNotice({
    subject: SUBJECT,
    tone: 'info',
    word: 'TEST',
    summary: 'This is a test: nothing is wrong.',
    sentences: [
      'Alerts of Foghorn reach this address.',
      `Sent ${formatInstant(now, timeZone)}.`,
      `Dashboard: ${cleanLine(dashboardUrl, MAX_URL_LENGTH)}`,
    ],
    footer: 'Sent because somebody asked for a test mail.',
  });
  return { subject: SUBJECT, ...notice };
}

const SUBJECT = '[TEST] Foghorn can reach you';
const MAX_URL_LENGTH = 300;

export interface TestMailResult {
  readonly to: string;
  readonly delivery: Delivery;
}

/** One test mail to each recipient, one after the other as a sandbox of one a second wants it. Never rejects. */
export async function sendTestMails(
  notifier: Notifier,
  content: EmailContent,
  addresses: { readonly from: string; readonly to: readonly string[] },
): Promise<readonly TestMailResult[]> {
  const results: TestMailResult[] = [];
  for (const to of new Set(addresses.to)) {
    const message = { id: `test:${content.text}`, from: addresses.from, to, ...content };
    results.push({ to, delivery: await notifier.send(message) });
  }
  return results;
}
