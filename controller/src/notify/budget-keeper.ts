import type { BudgetSnapshot, SentCount } from '../model/budget.ts';
import type { Notification } from '../model/notification.ts';
import { compareSeverity } from '../model/severity.ts';
import { isEmailAddress } from './address.ts';
import {
  countedIn,
  countSent,
  decide,
  DIGEST_UNTIL,
  limitsOf,
  spentOf,
  type BudgetLimits,
  type BudgetSettings,
  type SendQuota,
} from './budget.ts';
import { createHeldMessages } from './budget-held.ts';
import type { DeliveryResult } from './outbox.ts';

/** Stands between what is due and the outbox: lets go what the day's budget allows, and sums up the rest. */
export interface Budget {
  /** Divides all that is due now. What is held stays due, and is asked about again at the next tick. */
  admit(due: readonly Notification[], now: number): Admitted;
  /** Counts what was accepted, and takes what a digest told as told. */
  delivered(result: DeliveryResult): void;
  takeQuota(quota: SendQuota): void;
  limits(): BudgetLimits;
  /** What must survive a restart. */
  counts(): readonly SentCount[];
  restore(counts: readonly SentCount[]): void;
  snapshot(now: number): BudgetSnapshot;
}

export interface Admitted {
  /** Digests of what is held among them. */
  readonly send: readonly Notification[];
  readonly held: readonly Notification[];
}

export function createBudget(settings: BudgetSettings): Budget {
  const messages = createHeldMessages();
  let counts: readonly SentCount[] = [];
  let quota: SendQuota | undefined;
  const limits = (): BudgetLimits => limitsOf(settings, quota);

  return {
    admit(due, now) {
      const allowed = limits();
      const spent = spentOf(counts, quota, now);
      const { send, held } = divide(due, spent, allowed);
      for (const notification of held) messages.hold(notification, now);
      for (const notification of send) messages.release(notification);
      const { perDay } = allowed;
      if (perDay === undefined) return { send, held };
      const budget = { spent, perDay, digestsUntil: perDay * DIGEST_UNTIL };
      return { send: [...send, ...messages.digests(held, budget, now)], held };
    },
    delivered({ notification, recipient, delivery, outcome, at }) {
      if (delivery.kind === 'sent' && isEmailAddress(recipient)) counts = countSent(counts, 1, at);
      if (notification.digest !== undefined && outcome !== 'open') messages.digestEnded(notification, outcome, at);
    },
    takeQuota(next) {
      quota = { ...next, countedBefore: countedIn(counts, next.at) };
    },
    limits,
    counts: () => counts,
    restore(written) {
      counts = written;
    },
    snapshot: (now) => ({
      ...limits(),
      spent: spentOf(counts, quota, now),
      held: messages.size(),
      heldTotal: messages.total(),
    }),
  };
}

/** Worst first, each against what is spent with those before it; only mails cost, other channels are always told. */
function divide(due: readonly Notification[], spentBefore: number, limits: BudgetLimits): Admitted {
  let spent = spentBefore;
  const send: Notification[] = [];
  const held: Notification[] = [];
  for (const notification of due.toSorted((a, b) => compareSeverity(b.severity, a.severity))) {
    const mails = notification.to.filter(isEmailAddress);
    const others = notification.to.filter((recipient) => !isEmailAddress(recipient));
    if (mails.length === 0 || decide({ ...notification, to: mails }, spent, limits).kind === 'send') {
      spent += mails.length;
      send.push(notification);
      continue;
    }
    held.push({ ...notification, to: mails });
    if (others.length > 0) send.push({ ...notification, to: others });
  }
  return { send, held };
}
