import type { SentCount } from '../model/budget.ts';
import type { Notification, NotifiedAlert } from '../model/notification.ts';
import { worstTold } from './render/subject.ts';

/** What may be spent. */
export interface BudgetLimits {
  /** Recipients' mails in 24 hours, as SES counts them; undefined is unlimited. */
  readonly perDay: number | undefined;
  readonly perSecond: number;
  readonly source: 'settings' | 'ses' | 'assumed';
}

/** What the operator allows; absent is "as SES says". */
export interface BudgetSettings {
  readonly perDay?: number | undefined;
  readonly perSecond?: number | undefined;
}

/** SES's answer to GetSendQuota. */
export interface SendQuota {
  /** -1 is unlimited. */
  readonly max24HourSend: number;
  readonly maxSendRate: number;
  /** Of the whole account, other senders included. */
  readonly sentLast24Hours: number;
  /** When it was asked. */
  readonly at: number;
  /** What we had counted by then in the interval in which it was asked: part of the answer already. */
  readonly countedBefore?: number | undefined;
}

export type BudgetDecision =
  | { readonly kind: 'send' }
  | { readonly kind: 'hold'; readonly reason: 'BudgetReserved' | 'BudgetSpent' };

/** The SES sandbox, for an account of which nothing is known. */
const ASSUMED_PER_DAY = 200;
const ASSUMED_PER_SECOND = 1;

const DAY_MS = 86_400_000;
/** Fine enough for a sliding day, and 144 numbers to keep. */
const INTERVAL_MS = 600_000;

/** Past these parts of the day's budget only what matters more goes: then all but info and reminders, then critical only. */
const RESERVED_FROM = 0.8;
const CRITICAL_FROM = 0.9;
/** What the digest leaves to critical messages. */
export const DIGEST_UNTIL = 0.95;

/** The stricter of what the operator allows and what SES does; the sandbox's where neither says anything. */
export function limitsOf(settings: BudgetSettings, quota: SendQuota | undefined): BudgetLimits {
  if (quota === undefined) {
    const isAssumed = settings.perDay === undefined;
    return {
      perDay: settings.perDay ?? ASSUMED_PER_DAY,
      perSecond: settings.perSecond ?? ASSUMED_PER_SECOND,
      source: isAssumed ? 'assumed' : 'settings',
    };
  }
  const quotaPerDay = quota.max24HourSend < 0 ? Number.POSITIVE_INFINITY : quota.max24HourSend;
  const perDay = Math.min(settings.perDay ?? Number.POSITIVE_INFINITY, quotaPerDay);
  return {
    perDay: Number.isFinite(perDay) ? perDay : undefined,
    perSecond: Math.min(settings.perSecond ?? Number.POSITIVE_INFINITY, quota.maxSendRate || ASSUMED_PER_SECOND),
    source: settings.perDay !== undefined && settings.perDay <= quotaPerDay ? 'settings' : 'ses',
  };
}

/** The counts with one more, and without those that are older than a day. */
export function countSent(counts: readonly SentCount[], recipients: number, now: number): readonly SentCount[] {
  const startMs = intervalOf(now);
  const known = counts.find((count) => count.startMs === startMs)?.recipients ?? 0;
  const others = withinDay(counts, now).filter((count) => count.startMs !== startMs);
  return [...others, { startMs, recipients: known + recipients }];
}

/** What was counted in the interval of a time. */
export function countedIn(counts: readonly SentCount[], at: number): number {
  return total(counts.filter(({ startMs }) => startMs === intervalOf(at)));
}

function intervalOf(at: number): number {
  return Math.floor(at / INTERVAL_MS) * INTERVAL_MS;
}

/**
 * Recipients' mails of the last 24 hours: ours, or what the account had sent when it was last asked and ours since,
 * whichever is more.
 */
export function spentOf(counts: readonly SentCount[], quota: SendQuota | undefined, now: number): number {
  const own = total(withinDay(counts, now));
  if (quota === undefined || now - quota.at >= DAY_MS) return own;
  const since = total(counts.filter(({ startMs }) => startMs >= intervalOf(quota.at))) - (quota.countedBefore ?? 0);
  return Math.max(own, quota.sentLast24Hours + since);
}

/** A clock that was set back must not forget what was sent. */
function withinDay(counts: readonly SentCount[], now: number): readonly SentCount[] {
  return counts.filter(({ startMs }) => startMs + INTERVAL_MS > now - DAY_MS);
}

function total(counts: readonly SentCount[]): number {
  return counts.reduce((sum, { recipients }) => sum + recipients, 0);
}

/** Whether a message may go when so much is spent already; what matters most in it decides. `spent` is without it. */
export function decide(
  { alerts, to }: Pick<Notification, 'alerts' | 'to'>,
  spent: number,
  { perDay }: BudgetLimits,
): BudgetDecision {
  if (perDay === undefined) return { kind: 'send' };
  const after = spent + to.length;
  if (after > perDay) return { kind: 'hold', reason: 'BudgetSpent' };
  const limit = perDay * Math.max(...alerts.map(partFor));
  return after > limit ? { kind: 'hold', reason: 'BudgetReserved' } : { kind: 'send' };
}

/** Up to which part of the day's budget this is told. */
function partFor({ alert, reason }: NotifiedAlert): number {
  const severity = worstTold(alert);
  if (severity === 'critical' && (reason === 'first' || reason === 'escalated')) return 1;
  return severity === 'info' || reason === 'reminder' ? RESERVED_FROM : CRITICAL_FROM;
}
