import type { Policy } from '../model/policy.ts';

/** What the schedule remembers of one policy. */
export interface PolicySchedule {
  /** When its last full round began. */
  readonly lastRoundAt?: number | undefined;
  /** Targets to look at before the next round, and from when on: something happened, or a grace time ends. */
  readonly wakeAt: ReadonlyMap<string, number>;
  /** When a host was last reached again: what is on it has to be seen anew. */
  readonly hostBackAt?: number | undefined;
}

/** A full round looks at every target of the policy; a partial one at those of these ids, which something happened to. */
export type Due =
  | { readonly kind: 'full' }
  | { readonly kind: 'partial'; readonly ids: ReadonlySet<string> }
  | undefined;

/**
 * Rounds are aligned to multiples of the interval, so that policies which share targets share the look at them.
 * A clock that was set back makes a round due rather than late.
 */
export function whatIsDue(policy: Policy, schedule: PolicySchedule, now: number): Due {
  const { lastRoundAt, hostBackAt = 0 } = schedule;
  if (lastRoundAt === undefined || now < lastRoundAt) return { kind: 'full' };
  if (lastRoundAt < hostBackAt && hostBackAt <= now) return { kind: 'full' };
  if (Math.floor(now / policy.intervalMs) > Math.floor(lastRoundAt / policy.intervalMs)) return { kind: 'full' };
  const woken = [...schedule.wakeAt].filter(([, at]) => at <= now).map(([id]) => id);
  return woken.length > 0 ? { kind: 'partial', ids: new Set(woken) } : undefined;
}
