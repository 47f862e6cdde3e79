import type {
  Alert,
  AlertChange,
  AlertIdentity,
  FiringAlert,
  NotificationRecord,
  PendingAlert,
  ResolvedAlert,
} from '../model/alert.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { RuleVerdict, Verdict } from '../model/verdict.ts';
import { advanceLevels, speakingSeverity } from './levels.ts';

export interface AdvanceInput {
  readonly identity: AlertIdentity;
  readonly verdict: RuleVerdict;
  readonly now: number;
}

/** The alert after one step, if there is one, and what the step did. */
export interface Advanced {
  readonly alert?: Alert | undefined;
  readonly change?: AlertChange | undefined;
}

type LiveAlert = PendingAlert | FiringAlert;
type Breach = Extract<Verdict, { kind: 'breach' }>;
export type ResolvedReason = ResolvedAlert['resolvedReason'];

const nothingTold: NotificationRecord = { count: 0, resolvedTold: true, flaps: 0 };

/**
 * One step of the alert of one rule on one target. Times that lie after `now` (a clock set back) are taken to be now,
 * so that no timer waits longer than its own length.
 */
export function advance(previous: Alert | undefined, input: AdvanceInput): Advanced {
  const known = previous && noLaterThan(previous, input.now);
  if (known === undefined || known.state === 'resolved') return open(known, input);
  const levels = advanceLevels(known.levels, input.verdict, input.now);
  const severity = speakingSeverity(levels);
  if (severity === undefined) return end(known, input);
  const current: LiveAlert = { ...known, levels, severity, ...wordsOf(known, input.verdict, severity) };
  if (!levels.some(({ firing }) => firing)) return { alert: current };
  if (current.state === 'pending') return fire(current, input.now);
  return { alert: current, change: changeOfSeverity(current, known.severity) };
}

function open(resolved: ResolvedAlert | undefined, { identity, verdict, now }: AdvanceInput): Advanced {
  const levels = advanceLevels([], verdict, now);
  const severity = speakingSeverity(levels);
  const breach = severity && breachOf(verdict, severity);
  if (severity === undefined || breach === undefined) return { alert: resolved };
  const alert: PendingAlert = {
    ...pickIdentity(identity),
    state: 'pending',
    severity,
    message: breach.message,
    actions: breach.actions,
    values: breach.values,
    levels,
    eventLike: verdict.levels.some((level) => level.severity === severity && level.eventLike),
    pendingSince: now,
    notified: resolved?.notified ?? nothingTold,
    earlier: resolved,
  };
  return levels.some(({ firing }) => firing) ? fire(alert, now) : { alert, change: { kind: 'opened', alert } };
}

function fire({ earlier, ...pending }: PendingAlert, now: number): Advanced {
  const notified = earlier === undefined ? pending.notified : recordOfNextFiring(pending.notified);
  const alert: FiringAlert = { ...pending, state: 'firing', firedAt: now, notified };
  return { alert, change: { kind: 'fired', alert } };
}

function end(alert: LiveAlert, { now }: AdvanceInput): Advanced {
  if (alert.state === 'pending') {
    const earlier = goBack(alert, now);
    return earlier === undefined ? { change: { kind: 'dropped', alert } } : { alert: earlier };
  }
  const resolved = resolve(alert, alert.eventLike ? 'event' : 'cleared', now);
  return { alert: resolved, change: { kind: 'resolved', alert: resolved } };
}

/** What a pending alert is when it is dropped: the firing before it, with what was told of that; or nothing. */
export function goBack({ earlier, notified }: PendingAlert, now: number): ResolvedAlert | undefined {
  return earlier && noLaterThan({ ...earlier, notified }, now);
}

/** Ends a firing. Only those who were told of it are owed the end; an event has none, and what a silence was for is over. */
export function resolve(alert: FiringAlert, resolvedReason: ResolvedReason, now: number): ResolvedAlert {
  const { eventLike, silencedBy, severity, notified } = alert;
  const silent = resolvedReason === 'policyGone' || resolvedReason === 'suspended';
  const resolvedTold = silent || eventLike || notified.toldSeverity === undefined;
  const isWaived = eventLike && silencedBy !== undefined;
  return {
    ...alert,
    inhibitedBy: undefined,
    acknowledgedBy: undefined,
    state: 'resolved',
    levels: [],
    firedAt: Math.min(alert.firedAt, now),
    resolvedAt: now,
    resolvedReason,
    notified: { ...notified, resolvedTold, ...(isWaived && { toldSeverity: severity }) },
  };
}

/**
 * What was told goes over to the next firing, for the cooldown holds across both. Who was not yet told of the end
 * still believes the old firing, so the new one is the same to them.
 */
function recordOfNextFiring(notified: NotificationRecord): NotificationRecord {
  const untold = notified.toldSeverity === undefined;
  return {
    ...notified,
    toldSeverity: notified.resolvedTold ? undefined : notified.toldSeverity,
    resolvedTold: true,
    flaps: untold && notified.lastAt !== undefined ? notified.flaps + 1 : notified.flaps,
  };
}

function changeOfSeverity(alert: FiringAlert, from: Severity): AlertChange | undefined {
  const rise = compareSeverity(alert.severity, from);
  if (rise === 0) return undefined;
  return { kind: rise > 0 ? 'escalated' : 'deescalated', alert, from };
}

/** What the speaking level says now; while it is clear or unknown (kept firing), what was said last. */
function wordsOf(
  alert: LiveAlert,
  verdict: RuleVerdict,
  severity: Severity,
): Pick<Alert, 'message' | 'actions' | 'values'> {
  const { message, actions, values } = breachOf(verdict, severity) ?? alert;
  return { message, actions, values };
}

function breachOf(verdict: RuleVerdict, severity: Severity): Breach | undefined {
  const found = verdict.levels.find((level) => level.severity === severity)?.verdict;
  return found?.kind === 'breach' ? found : undefined;
}

function pickIdentity({ key, policy, policyUid, rule, target }: AlertIdentity): AlertIdentity {
  return { key, policy, policyUid, rule, target };
}

function noLaterThan<T extends Alert>(alert: T, now: number): T {
  const { lastAt, rejectedAt } = alert.notified;
  return {
    ...alert,
    ...(alert.state !== 'pending' && { firedAt: Math.min(alert.firedAt, now) }),
    ...(alert.state === 'resolved' && { resolvedAt: Math.min(alert.resolvedAt, now) }),
    pendingSince: Math.min(alert.pendingSince, now),
    notified: {
      ...alert.notified,
      ...(lastAt !== undefined && { lastAt: Math.min(lastAt, now) }),
      ...(rejectedAt !== undefined && { rejectedAt: Math.min(rejectedAt, now) }),
    },
  };
}
