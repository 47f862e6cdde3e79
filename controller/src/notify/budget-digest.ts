import type { Digest, HeldBack } from '../model/budget.ts';
import type { EmailContent } from '../model/notification.ts';
import { compareSeverity } from '../model/severity.ts';
import { cleanLine } from './render/clean.ts';
import { formatInstant } from './render/format-time.ts';
import { renderNotice } from './render/notice.ts';

/** Lines of a digest; the dashboard has all. */
const MAX_LINES = 200;
const MAX_NAME_CHARS = 60;
const MAX_MESSAGE_CHARS = 160;
/** Of a subject. */
const MAX_SUBJECT_CHARS = 160;

export interface DigestContext {
  readonly dashboardUrl: string;
  /** Of the reader, IANA. */
  readonly timeZone: string;
}

/** A plain mail that names everything that was held back, worst first; text and HTML both complete. */
export function renderDigest({ held, spent, perDay }: Digest, { dashboardUrl, timeZone }: DigestContext): EmailContent {
  const sorted = held.toSorted((a, b) => compareSeverity(b.severity, a.severity) || a.sinceMs - b.sinceMs);
  const targets = [...new Set(sorted.map(({ target }) => cleanLine(target, MAX_NAME_CHARS)))];
  const messages = held.length === 1 ? '1 message' : `${held.length} messages`;
  const subject = cleanLine(`[DIGEST] ${messages} held back: ${targets.join(', ')}`, MAX_SUBJECT_CHARS);
  const lines = sorted.slice(0, MAX_LINES).map((one) => lineOf(one, timeZone));
  const more = sorted.length > MAX_LINES ? [`... and ${sorted.length - MAX_LINES} more`] : [];
  const notice = renderNotice({
    subject,
    tone: 'info',
    word: 'DIGEST',
    summary: `${messages} ${held.length === 1 ? 'was' : 'were'} held back, so that critical ones still go out.`,
    sentences: [`${spent} of ${perDay} mails of the last 24 hours are spent. Held back, worst first:`],
    items: [...lines, ...more],
    footer:
      `All alerts: ${dashboardUrl} ` +
      'To get them one by one: raise EMAIL_BUDGET_PER_DAY or the quota of SES, or lengthen cooldowns.',
  });
  return { subject, ...notice };
}

function lineOf(held: HeldBack, timeZone: string): string {
  const { severity, reason, target, host, rule, policy, message, sinceMs } = held;
  const about = `${cleanLine(target, MAX_NAME_CHARS)} on ${cleanLine(host, MAX_NAME_CHARS)}`;
  const by = `rule ${cleanLine(rule, MAX_NAME_CHARS)} of ${cleanLine(policy, MAX_NAME_CHARS)}`;
  const since = `since ${formatInstant(sinceMs, timeZone)}`;
  return `${severity.toUpperCase()} (${reason}) ${about}: ${cleanLine(message, MAX_MESSAGE_CHARS)} [${by}, ${since}]`;
}
