import type { Notification, NotifiedAlert } from '../../model/notification.ts';
import { cleanLine } from './clean.ts';
import { formatSpan } from './format-time.ts';
import { bannerOf, toneOf, type RenderContext, type Tone } from './tone.ts';
import { sectionOf, type SectionView } from './section.ts';

/** All that a mail says, as clean bounded text; the two layouts (text, HTML) only place it. */
export interface EmailView {
  readonly subject: string;
  readonly tone: Tone;
  /** `CRITICAL`, `RESOLVED`. */
  readonly word: string;
  /** Why it comes and what is expected of the reader. */
  readonly banner: string;
  /** One line for each alert when there are several; else empty. */
  readonly overview: readonly OverviewRow[];
  /** Alerts that the overview has no room for. */
  readonly unlisted: number;
  readonly sections: readonly SectionView[];
  readonly footer: string;
}

export interface OverviewRow {
  readonly word: string;
  readonly tone: Tone;
  readonly target: string;
  readonly message: string;
}

/** Mail readers show 50 to 70 characters of a subject; what is past this helps nobody. */
const MAX_SUBJECT_LENGTH = 160;
const MAX_OVERVIEW_ROWS = 20;
const MAX_NAME_LENGTH = 60;
const MAX_OVERVIEW_MESSAGE_LENGTH = 100;
/** Alerts told with all details; the others stand in the overview. */
const MAX_SECTIONS = 10;

export function viewOf(notification: Notification, context: RenderContext): EmailView {
  const { alerts } = notification;
  const [worst] = alerts;
  if (worst === undefined) throw new Error(`notification ${notification.id} carries no alert`);
  const listed = alerts.length > 1 ? alerts.slice(0, MAX_OVERVIEW_ROWS) : [];
  const policy = cleanLine(notification.policy, MAX_NAME_LENGTH);
  return {
    subject: subjectOf(notification, worst, context.now),
    tone: toneOf(worst.alert),
    word: wordOf(worst),
    banner: bannerOf(notification.reason, worst.alert, context.now),
    overview: listed.map(overviewRow),
    unlisted: alerts.length > 1 ? alerts.length - listed.length : 0,
    sections: alerts.slice(0, MAX_SECTIONS).map((alert) => sectionOf(alert, context)),
    footer: `Sent by Foghorn because policy ${policy} names this address.`,
  };
}

function overviewRow(notified: NotifiedAlert): OverviewRow {
  const { alert } = notified;
  return {
    word: wordOf(notified),
    tone: toneOf(alert),
    target: cleanLine(alert.target.name, MAX_NAME_LENGTH),
    message: cleanLine(alert.message, MAX_OVERVIEW_MESSAGE_LENGTH),
  };
}

function wordOf({ alert }: NotifiedAlert): string {
  return alert.state === 'resolved' ? 'RESOLVED' : alert.severity.toUpperCase();
}

/** `[CRITICAL] webapp: CPU 85.2 % (rule cpu > 80)`; `[CRITICAL] 3 alerts on host-1: webapp, db, cache`. */
function subjectOf(notification: Notification, worst: NotifiedAlert, now: number): string {
  const { alerts } = notification;
  const names = [...new Set(alerts.map(({ alert }) => cleanLine(alert.target.name, MAX_NAME_LENGTH)))];
  const hosts = [...new Set(alerts.map(({ alert }) => cleanLine(alert.target.host, MAX_NAME_LENGTH)))];
  const what =
    alerts.length === 1
      ? `${names.join('')}: ${worst.alert.message}`
      : `${alerts.length} alerts on ${hosts.length === 1 ? hosts.join('') : `${hosts.length} hosts`}: ${names.join(', ')}`;
  return cleanLine(`[${subjectTag(notification, worst, now)}] ${what}`, MAX_SUBJECT_LENGTH);
}

function subjectTag(notification: Notification, { alert }: NotifiedAlert, now: number): string {
  if (alert.state === 'resolved') return `RESOLVED after ${formatSpan(alert.resolvedAt - alert.firedAt)}`;
  const severity = alert.severity.toUpperCase();
  switch (notification.reason) {
    case 'reminder':
      return `REMINDER ${severity} for ${formatSpan(now - alert.firedAt)}`;
    case 'escalated':
      return `${severity} escalated`;
    case 'first':
    case 'resolved':
      return severity;
    default:
      return notification.reason satisfies never;
  }
}
