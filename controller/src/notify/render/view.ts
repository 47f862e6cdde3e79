import type { Notification, NotifiedAlert } from '../../model/notification.ts';
import { cleanLine } from './clean.ts';
import { bannerOf, toneOf, type RenderContext, type Tone } from './tone.ts';
import { sectionOf, type SectionView } from './section.ts';
import { isFiring, subjectOf } from './subject.ts';

/** All that a mail says, as clean bounded text; the two layouts (text, HTML) only place it. */
export interface EmailView {
  readonly subject: string;
  readonly tone: Tone;
  /** `RESOLVED: CPU 85.2 % (rule cpu > 80)`: the first line of the body. */
  readonly headline: string;
  /** `CRITICAL`, `STILL CRITICAL`, `RESOLVED`. */
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

const MAX_HEADLINE_LENGTH = 200;
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
    subject: subjectOf(notification),
    tone: toneOf(worst.alert),
    headline: headlineOf(alerts, worst),
    word: wordOf(worst),
    banner: bannerOf(worst.reason, worst.alert, context.now),
    overview: listed.map(overviewRow),
    unlisted: alerts.length > 1 ? alerts.length - listed.length : 0,
    sections: alerts.slice(0, MAX_SECTIONS).map((alert) => sectionOf(alert, context)),
    footer: `Sent by Foghorn because policy ${policy} names this address.`,
  };
}

function overviewRow(notified: NotifiedAlert): OverviewRow {
  const { alert } = notified;
  return {
    word: stateOf(notified),
    tone: toneOf(alert),
    target: cleanLine(`${alert.target.kind === 'host' ? 'host ' : ''}${alert.target.name}`, MAX_NAME_LENGTH),
    message: cleanLine(alert.message, MAX_OVERVIEW_MESSAGE_LENGTH),
  };
}

function stateOf({ alert }: NotifiedAlert): string {
  return alert.state === 'resolved' ? 'RESOLVED' : alert.severity.toUpperCase();
}

/** The state in the largest letters of the mail: the subject is that of the first message. */
function wordOf(notified: NotifiedAlert): string {
  const state = stateOf(notified);
  if (notified.alert.state === 'resolved') return state;
  switch (notified.reason) {
    case 'reminder':
      return `STILL ${state}`;
    case 'escalated':
      return `ESCALATED TO ${state}`;
    case 'first':
    case 'resolved':
      return state;
    default:
      return notified.reason satisfies never;
  }
}

/** What an inbox shows beside the subject: the state now, and the value that the subject does not hold. */
function headlineOf(alerts: readonly NotifiedAlert[], worst: NotifiedAlert): string {
  const firing = alerts.filter(isFiring).length;
  const told = firing === 0 ? alerts.length : firing;
  const what = told === 1 ? worst.alert.message : `${told} alerts`;
  const ended = told === alerts.length ? '' : ` (and ${alerts.length - told} resolved)`;
  return `${cleanLine(`${wordOf(worst)}: ${what}`, MAX_HEADLINE_LENGTH - ended.length)}${ended}`;
}
