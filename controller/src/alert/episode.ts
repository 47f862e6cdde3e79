import type { Alert, FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { AlertEpisode, AlertMoment, MomentKind } from '../model/episode.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';

type FiredAlert = FiringAlert | ResolvedAlert;

/** A story longer than this loses its middle: how it began and what happened last is what people look for. */
const MAX_MOMENTS = 60;
const KEPT_OF_THE_BEGINNING = 10;
const MAX_REASON_CHARS = 300;

/**
 * Carries the story of a firing on to what the alert is now. `before` is the alert as the story knows it; undefined
 * when it is not known. Undefined for an alert that has not fired.
 */
export function carryOn(
  story: AlertEpisode | undefined,
  before: Alert | undefined,
  alert: Alert,
  now: number,
): AlertEpisode | undefined {
  if (alert.state === 'pending') return undefined;
  const known = story?.firedAt === alert.firedAt ? story : undefined;
  const { key, policy, rule, target, message, values, pendingSince, firedAt, notified } = alert;
  return {
    id: `${key}@${firedAt}`,
    key,
    policy,
    rule,
    target,
    message,
    values,
    pendingSince,
    firedAt,
    severity: known === undefined ? alert.severity : worse(known.severity, alert.severity),
    ...(alert.state === 'resolved' && { resolvedAt: alert.resolvedAt, resolvedReason: alert.resolvedReason }),
    notifications: notified.count,
    lastNotifiedAt: notified.lastAt,
    moments: bounded(known === undefined ? openingOf(alert) : [...known.moments, ...sinceThen(before, alert, now)]),
  };
}

function worse(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) > 0 ? a : b;
}

function openingOf(alert: FiredAlert): readonly AlertMoment[] {
  return alert.state === 'resolved' ? [...beginning(alert), endOf(alert)] : beginning(alert);
}

function sinceThen(before: Alert | undefined, alert: FiredAlert, now: number): readonly AlertMoment[] {
  return before === undefined ? [] : momentsBetween(before, alert, now);
}

/** The story of an alert that went without an end of its own: its policy is gone, or nobody knows. */
export function breakOff(story: AlertEpisode, reason: string, now: number): AlertEpisode {
  if (story.resolvedAt !== undefined) return story;
  const end: AlertMoment = { at: now, kind: 'resolved', severity: story.severity, reason };
  return { ...story, resolvedAt: now, resolvedReason: reason, moments: bounded([...story.moments, end]) };
}

function beginning(alert: FiredAlert): readonly AlertMoment[] {
  const { severity, message, pendingSince, firedAt } = alert;
  const fired = moment('fired', firedAt, alert, message);
  return pendingSince < firedAt ? [{ ...fired, at: pendingSince, kind: 'pending', severity }, fired] : [fired];
}

function endOf(alert: ResolvedAlert): AlertMoment {
  return moment('resolved', alert.resolvedAt, alert, alert.resolvedReason);
}

/** What happened between two states of one firing. */
function momentsBetween(before: Alert, alert: FiredAlert, now: number): readonly AlertMoment[] {
  const moments: AlertMoment[] = [];
  const step = compareSeverity(alert.severity, before.severity);
  if (before.state === 'firing' && alert.state === 'firing' && step !== 0) {
    moments.push(moment(step > 0 ? 'escalated' : 'deescalated', now, alert, alert.message));
  }
  if (before.state !== 'resolved' && alert.state === 'resolved') moments.push(endOf(alert));
  return [...moments, ...holdMoments(before, alert, now), ...tellingMoments(before, alert, now)];
}

function holdMoments(before: Alert, alert: FiredAlert, now: number): readonly AlertMoment[] {
  const holds = [
    ['silenced', 'unsilenced', before.silencedBy, alert.silencedBy],
    ['inhibited', 'uninhibited', before.inhibitedBy, alert.inhibitedBy],
    ['acknowledged', 'unacknowledged', before.acknowledgedBy, alert.acknowledgedBy],
  ] as const;
  return holds.flatMap(([begun, ended, was, is]) => {
    if (was === is) return [];
    return [is === undefined ? moment(ended, now, alert, was ?? '') : moment(begun, now, alert, is)];
  });
}

function tellingMoments(before: Alert, alert: FiredAlert, now: number): readonly AlertMoment[] {
  const { notified } = alert;
  if (notified.count > before.notified.count)
    return [moment('told', notified.lastAt ?? now, alert, toldAs(before, alert))];
  if (notified.rejectedAt === undefined || notified.rejectedAt === before.notified.rejectedAt) return [];
  return [moment('refused', notified.rejectedAt, alert, notified.rejected ?? '')];
}

/** Which message it was, by what it changed in the record of telling. */
function toldAs(before: Alert, { notified }: FiredAlert): string {
  if (notified.resolvedTold && !before.notified.resolvedTold) return 'resolved';
  const { toldSeverity } = before.notified;
  if (toldSeverity === undefined) return 'first';
  return notified.toldSeverity !== undefined && notified.toldSeverity !== toldSeverity ? 'escalated' : 'reminder';
}

function moment(kind: MomentKind, at: number, { severity }: FiredAlert, reason: string): AlertMoment {
  return { at, kind, severity, reason: reason.slice(0, MAX_REASON_CHARS) };
}

function bounded(moments: readonly AlertMoment[]): readonly AlertMoment[] {
  if (moments.length <= MAX_MOMENTS) return moments;
  return [...moments.slice(0, KEPT_OF_THE_BEGINNING), ...moments.slice(KEPT_OF_THE_BEGINNING - MAX_MOMENTS)];
}
