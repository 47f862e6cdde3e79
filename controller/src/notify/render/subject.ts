import type { Notification, NotifiedAlert } from '../../model/notification.ts';
import { compareSeverity, type Severity } from '../../model/severity.ts';
import { cleanLine } from './clean.ts';

/** Mail readers show 50 to 70 characters of a subject; what is past this helps nobody. */
const MAX_SUBJECT_LENGTH = 160;
const MAX_NAME_LENGTH = 60;
/** Of what has ended, behind what fires. */
const MAX_ENDED_LENGTH = 60;

/**
 * About one alert `[CRITICAL] webapp on web-1: cpu`. Mail readers thread by an identical subject, so it is made only of what
 * stays from its first mail to its last: no value, no state, and the worst severity that was told. Only a message that
 * something got worse begins anew. A mail about several belongs to no one thread, and says how things are.
 */
export function subjectOf(notification: Notification): string {
  const { alerts } = notification;
  return alerts.length === 1 ? headOf(alerts) : stateSubjectOf(notification);
}

/**
 * How things are: `[CRITICAL] 3 alerts on web-1: webapp, db, cache`, `[INFO] webapp on web-1: deploy; 1 resolved: db`,
 * `[RESOLVED] webapp on web-1: cpu`.
 */
export function stateSubjectOf({ alerts }: Notification): string {
  const [firing, ended] = [alerts.filter(isFiring), alerts.filter((one) => !isFiring(one))];
  if (firing.length === 0) return cut(`[RESOLVED] ${whatOf(alerts)}`);
  if (ended.length === 0) return headOf(firing);
  const tail = cleanLine(`; ${ended.length} resolved: ${namesOf(ended)}`, MAX_ENDED_LENGTH);
  return `${cleanLine(headOf(firing), MAX_SUBJECT_LENGTH - tail.length)}${tail}`;
}

export function isFiring({ alert }: NotifiedAlert): boolean {
  return alert.state === 'firing';
}

function headOf(alerts: readonly NotifiedAlert[]): string {
  const tag = alerts.map(({ alert }) => worstTold(alert)).reduce(worse);
  return cut(`[${tag.toUpperCase()}] ${whatOf(alerts)}`);
}

function whatOf(alerts: readonly NotifiedAlert[]): string {
  const [only, ...others] = alerts;
  if (only !== undefined && others.length === 0) return aboutOne(only);
  const hosts = unique(alerts.map(({ alert }) => alert.target.host));
  const place = hosts.length === 1 ? hosts.join('') : `${hosts.length} hosts`;
  return `${alerts.length} alerts on ${place}: ${namesOf(alerts)}`;
}

function cut(subject: string): string {
  return cleanLine(subject, MAX_SUBJECT_LENGTH);
}

function aboutOne({ alert }: NotifiedAlert): string {
  const place = cleanLine(alert.target.host, MAX_NAME_LENGTH);
  if (alert.target.kind === 'host') return `host ${place}: unreachable`;
  return [`${nameOf(alert)} on ${place}`, alert.rule].map((part) => cleanLine(part, MAX_SUBJECT_LENGTH)).join(': ');
}

function namesOf(alerts: readonly NotifiedAlert[]): string {
  return unique(alerts.map(({ alert }) => nameOf(alert))).join(', ');
}

function nameOf({ target }: NotifiedAlert['alert']): string {
  return target.kind === 'host' ? 'the host itself' : target.name;
}

/** The worst that readers know, this message included: calming down is silent, and says nothing new in the subject. */
export function worstTold(alert: NotifiedAlert['alert']): Severity {
  const told = alert.notified.toldSeverity ?? alert.severity;
  return alert.state === 'resolved' ? told : worse(told, alert.severity);
}

function worse(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) >= 0 ? a : b;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => cleanLine(name, MAX_NAME_LENGTH)))];
}
