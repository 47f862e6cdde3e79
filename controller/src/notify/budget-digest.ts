import type { Digest, HeldBack } from '../model/budget.ts';
import type { EmailContent } from '../model/notification.ts';
import { compareSeverity } from '../model/severity.ts';
import { cleanLine } from './render/clean.ts';
import { html, type Markup } from './render/markup.ts';

/** Lines of a digest; the dashboard has all. */
const MAX_LINES = 200;
const MAX_NAME_CHARS = 60;
const MAX_MESSAGE_CHARS = 160;
/** Of a subject. */
const MAX_SUBJECT_CHARS = 160;

export interface DigestContext {
  readonly dashboardUrl: string;
}

/** A plain mail that names everything that was held back, worst first; text and HTML both complete. */
export function renderDigest({ held, spent, perDay }: Digest, { dashboardUrl }: DigestContext): EmailContent {
  const sorted = held.toSorted((a, b) => compareSeverity(b.severity, a.severity) || a.sinceMs - b.sinceMs);
  const targets = [...new Set(sorted.map(({ target }) => cleanLine(target, MAX_NAME_CHARS)))];
  const subject = cleanLine(`[DIGEST] ${held.length} messages held back: ${targets.join(', ')}`, MAX_SUBJECT_CHARS);
  const intro =
    `${spent} of ${perDay} mails of the last 24 hours are spent. These ${held.length} messages were held back, ` +
    'so that critical ones still go out:';
  const lines = sorted.slice(0, MAX_LINES).map(lineOf);
  const more = sorted.length > MAX_LINES ? [`... and ${sorted.length - MAX_LINES} more`] : [];
  const outro = `All alerts: ${dashboardUrl}`;
  const advice = 'To get them one by one: raise EMAIL_BUDGET_PER_DAY or the quota of SES, or lengthen cooldowns.';
  const text = [intro, '', ...lines, ...more, '', outro, advice, ''].join('\n');
  return { subject, text, html: htmlOf({ subject, intro, lines: [...lines, ...more], outro: `${outro} ${advice}` }) };
}

function lineOf({ severity, reason, target, host, rule, policy, message, sinceMs }: HeldBack): string {
  const about = `${cleanLine(target, MAX_NAME_CHARS)} on ${cleanLine(host, MAX_NAME_CHARS)}`;
  const by = `rule ${cleanLine(rule, MAX_NAME_CHARS)} of ${cleanLine(policy, MAX_NAME_CHARS)}`;
  const since = new Date(sinceMs).toISOString();
  return `${severity.toUpperCase()} (${reason}) ${about}: ${cleanLine(message, MAX_MESSAGE_CHARS)} [${by}, ${since}]`;
}

function htmlOf(parts: {
  readonly subject: string;
  readonly intro: string;
  readonly lines: readonly string[];
  readonly outro: string;
}): string {
  const items: readonly Markup[] = parts.lines.map((line) => html`<li style="margin:4px 0">${line}</li>`);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${parts.subject}</title>
      </head>
      <body style="font-family:sans-serif;max-width:640px;margin:0 auto;padding:16px">
        <p>${parts.intro}</p>
        <ul style="padding-left:20px">
          ${items}
        </ul>
        <p>${parts.outro}</p>
      </body>
    </html> `;
  return page.markup;
}
