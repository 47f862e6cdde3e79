import type { Notification, NotifiedAlert } from '../../model/notification.ts';
import { compareSeverity, type Severity } from '../../model/severity.ts';
import { cleanLine } from './clean.ts';

/** Mail readers show 50 to 70 characters of a subject; what is past this helps nobody. */
const MAX_SUBJECT_LENGTH = 160;
const MAX_NAME_LENGTH = 60;

/**
 * `[CRITICAL] webapp on web-1: cpu`, of several `[CRITICAL] 3 alerts on web-1: webapp, db, cache`. Mail readers thread by an identical
 * subject, so it is made only of what stays while an alert fires: no value, no state, and the worst severity that was
 * told. Only a message that something got worse begins anew.
 */
export function subjectOf({ alerts }: Notification): string {
  const names = unique(alerts.map(({ alert }) => nameOf(alert)));
  const hosts = unique(alerts.map(({ alert }) => alert.target.host));
  const place = hosts.length === 1 ? hosts.join('') : `${hosts.length} hosts`;
  const [only, ...others] = alerts;
  const what =
    only !== undefined && others.length === 0
      ? aboutOne(only, place)
      : `${alerts.length} alerts on ${place}: ${names.join(', ')}`;
  const tag = alerts
    .map(({ alert }) => worstTold(alert))
    .reduce(worse)
    .toUpperCase();
  return cleanLine(`[${tag}] ${what}`, MAX_SUBJECT_LENGTH);
}

function aboutOne({ alert }: NotifiedAlert, place: string): string {
  if (alert.target.kind === 'host') return `host ${place}: unreachable`;
  return [`${nameOf(alert)} on ${place}`, alert.rule].map((part) => cleanLine(part, MAX_SUBJECT_LENGTH)).join(': ');
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
