import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { EmailMessage } from '../model/notification.ts';
import { cleanLine } from './render/clean.ts';

/** Of one value of X-Foghorn-Alert. */
const MAX_ALERT_HEADER_LENGTH = 200;

/**
 * The whole message as RFC 5322 has it: text and HTML as alternatives, pictures within the HTML. `from` and `to` must be
 * plain addresses. There is no Bcc, and no list: one recipient a message.
 */
export async function composeMime(message: EmailMessage): Promise<Uint8Array> {
  const { from, to, subject, text, html, pictures = [] } = message;
  const composer = new MailComposer({
    // Objects, not strings: a string would be parsed for more than one address.
    from: { name: '', address: from },
    to: [{ name: '', address: to }],
    subject,
    text,
    html,
    messageId: messageIdOf(message),
    ...threadHeaders(message),
    headers: extraHeaders(message),
    attachments: pictures.map(({ contentId, png }, index) => ({
      filename: `chart-${index + 1}.png`,
      contentType: 'image/png',
      contentDisposition: 'inline',
      cid: contentId,
      content: Buffer.from(png),
    })),
    // Nothing that a message holds may make the composer read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** The same for each attempt at the same message, so that a doubled one can be told; SES puts its own in its place. */
function messageIdOf({ id, to }: EmailMessage): string {
  return `<${createHash('sha256')
    .update(JSON.stringify([id, to]))
    .digest('hex')
    .slice(0, 32)}@foghorn>`;
}

/** Since SES replaces Message-ID, every message of a thread, also the first, refers to the same synthetic ids. */
function threadHeaders({ thread }: EmailMessage): { readonly inReplyTo?: string; readonly references?: string[] } {
  const ids = thread?.ids ?? [];
  const [first] = ids;
  return first === undefined ? {} : { inReplyTo: first, references: [...ids] };
}

/** No reader on holiday answers an alert (RFC 3834, and what Exchange heeds). */
function extraHeaders({ thread }: EmailMessage): { readonly key: string; readonly value: string }[] {
  const alerts = thread?.alerts ?? [];
  return [
    { key: 'Auto-Submitted', value: 'auto-generated' },
    { key: 'X-Auto-Response-Suppress', value: 'All' },
    ...alerts.map((alert) => ({ key: 'X-Foghorn-Alert', value: cleanLine(alert, MAX_ALERT_HEADER_LENGTH) })),
  ];
}
