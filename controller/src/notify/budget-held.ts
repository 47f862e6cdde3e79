import type { HeldBack } from '../model/budget.ts';
import type { Notification, NotifiedAlert } from '../model/notification.ts';
import { compareSeverity } from '../model/severity.ts';
import { isEmailAddress } from './address.ts';

/** What the budget holds back, by reader, until it goes by itself or in a digest. */
export interface HeldMessages {
  /** Notes a message that is held, or still held. */
  hold(notification: Notification, now: number): void;
  /** The message goes: what it speaks of needs no digest. */
  release(notification: Notification): void;
  /** One message for each reader for whom it is time; `held` are those that are due and held now. */
  digests(held: readonly Notification[], budget: DigestBudget, now: number): readonly Notification[];
  /** How the sending of a digest ended. */
  digestEnded(digest: Notification, outcome: 'sent' | 'rejected', at: number): void;
  size(): number;
  /** Since the process began. */
  total(): number;
}

export interface DigestBudget {
  readonly spent: number;
  readonly perDay: number;
  /** What digests leave to critical messages begins here. */
  readonly digestsUntil: number;
}

/** A digest waits so long for more to go into it, and so long after the one before it. */
const DIGEST_WAIT_MS = 900_000;
const DIGEST_EVERY_MS = 14_400_000;
/** Messages remembered for one reader; further ones stay due, and are taken when there is room. */
const MAX_HELD = 1000;

/** What waits for the same readers. */
interface Waiting {
  readonly from: string;
  readonly to: readonly string[];
  readonly held: Map<string, HeldBack>;
  lastDigestAt: number;
}

export function createHeldMessages(): HeldMessages {
  const waiting = new Map<string, Waiting>();
  let total = 0;
  return {
    hold(notification, now) {
      const group = groupOf(notification);
      const { from, to } = notification;
      const known = waiting.get(group) ?? { from, to, held: new Map(), lastDigestAt: Number.NEGATIVE_INFINITY };
      waiting.set(group, known);
      for (const one of notification.alerts) {
        const before = known.held.get(subjectOf(one));
        if (before === undefined && known.held.size >= MAX_HELD) continue;
        if (before === undefined) total += 1;
        known.held.set(subjectOf(one), heldBack(notification, one, before?.sinceMs ?? now));
      }
    },
    release(notification) {
      const known = waiting.get(groupOf({ ...notification, to: notification.to.filter(isEmailAddress) }));
      if (known === undefined) return;
      const keys = new Set(notification.alerts.map(({ alert }) => alert.key));
      for (const [subject, { key }] of known.held) if (keys.has(key)) known.held.delete(subject);
    },
    digests: (held, { spent, perDay, digestsUntil }, now) =>
      [...waiting].flatMap(([group, one]) => {
        if (spent + one.to.length > digestsUntil || !isDigestDue(one, now)) return [];
        const alerts = held.filter((notification) => groupOf(notification) === group).flatMap((each) => each.alerts);
        return digestOf(one, { alerts, spent, perDay, now }) ?? [];
      }),
    digestEnded(digest, outcome, at) {
      const known = waiting.get(groupOf(digest));
      if (known === undefined) return;
      known.lastDigestAt = at;
      if (outcome === 'rejected') return;
      for (const { key, reason } of digest.digest?.held ?? []) known.held.delete(`${key} ${reason}`);
    },
    size: () => [...waiting.values()].reduce((sum, { held }) => sum + held.size, 0),
    total: () => total,
  };
}

function groupOf({ from, to }: Pick<Notification, 'from' | 'to'>): string {
  return JSON.stringify([from, to]);
}

function subjectOf({ alert, reason }: NotifiedAlert): string {
  return `${alert.key} ${reason}`;
}

function heldBack({ policy }: Notification, { alert, reason }: NotifiedAlert, sinceMs: number): HeldBack {
  const { key, rule, target, severity, message } = alert;
  return { key, policy, rule, target: target.name, host: target.host, severity, reason, message, sinceMs };
}

/** A clock that was set back makes it due rather than late. */
function isDigestDue({ held, lastDigestAt }: Waiting, now: number): boolean {
  const oldest = [...held.values()].reduce((least, { sinceMs }) => Math.min(least, sinceMs), Number.POSITIVE_INFINITY);
  if (held.size === 0 || now - oldest < DIGEST_WAIT_MS) return false;
  return now < lastDigestAt || now - lastDigestAt >= DIGEST_EVERY_MS;
}

function digestOf(
  { held, from, to }: Waiting,
  about: {
    readonly alerts: readonly NotifiedAlert[];
    readonly spent: number;
    readonly perDay: number;
    readonly now: number;
  },
): Notification | undefined {
  const items = [...held.values()].toSorted((a, b) => compareSeverity(b.severity, a.severity) || a.sinceMs - b.sinceMs);
  const [worst] = items;
  const oldest = items.reduce((least, { sinceMs }) => Math.min(least, sinceMs), about.now);
  if (worst === undefined) return undefined;
  return {
    id: `digest#${groupOf({ from, to })}#${oldest}`,
    reason: 'reminder',
    policy: worst.policy,
    severity: worst.severity,
    alerts: about.alerts,
    from,
    to,
    dueAt: about.now,
    digest: { held: items, spent: about.spent, perDay: about.perDay },
  };
}
