import { compareSeverity, type Severity } from '../model/severity.ts';
import { toldAs, type Due, type NotifyPolicy } from './due.ts';

/** What goes into one message, the leading one first. */
export type Group = readonly [Due, ...Due[]];

/** What a group's time to go depends on. */
export interface GroupTime {
  readonly policy: NotifyPolicy;
  /** When this policy's last message was accepted, if any was. */
  readonly lastAt: number | undefined;
  readonly now: number;
}

/** Everything that is due under one key goes into one message, whatever the reasons are: it is the truth of one moment. */
export function groupDue(due: readonly Due[], keyOf: (due: Due) => string): readonly Group[] {
  return [...Map.groupBy(due, keyOf).values()].flatMap((members) => {
    const [first, ...others] = members.toSorted(worstFirst);
    return first === undefined ? [] : [[first, ...others] as const];
  });
}

/**
 * Whether a group goes now. What got worse goes at once and takes all the others along; else `groupInterval` must have
 * passed since the last message, and one of them must have waited for `groupWait` (a reminder has waited already).
 * A clock that was set back ends the interval.
 */
export function isReady(group: Group, { policy: { notify }, lastAt, now }: GroupTime): boolean {
  if (group.some(({ reason }) => reason === 'escalated')) return true;
  if (lastAt !== undefined && now >= lastAt && now - lastAt < notify.groupIntervalMs) return false;
  return group.some((due) => now - dueSince(due) >= notify.groupWaitMs);
}

function dueSince({ alert, reason }: Due): number {
  if (reason === 'reminder') return Number.NEGATIVE_INFINITY;
  return alert.state === 'resolved' && reason === 'resolved' ? alert.resolvedAt : alert.firedAt;
}

/** What fires leads what has ended, and news what is known; the oldest of equals first, then by key, so that the order stays. */
function worstFirst(a: Due, b: Due): number {
  return (
    Number(a.reason === 'resolved') - Number(b.reason === 'resolved') ||
    compareSeverity(severityOf(b), severityOf(a)) ||
    Number(a.reason === 'reminder') - Number(b.reason === 'reminder') ||
    a.alert.firedAt - b.alert.firedAt ||
    (a.alert.key < b.alert.key ? -1 : 1)
  );
}

/** The end of a critical alert is as important as its beginning, even when it had calmed down. */
export function severityOf({ alert }: Due): Severity {
  return toldAs(alert);
}
