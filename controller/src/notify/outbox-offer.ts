import type { Notification } from '../model/notification.ts';
import { compareSeverity } from '../model/severity.ts';
import { MAX_ENTRIES, noWait, subjectsOf, type OutboxEntry, type OutboxState } from './outbox-state.ts';

/** How long a message is owed to a recipient after others have had it; by then a reminder has told the truth of now. */
export const MAX_OWED_MS = 1_800_000;

/**
 * Takes what is due now as the whole truth: what waits and is no longer planned is dropped, what is planned anew waits
 * its turn. What is under way stays; what only some recipients of a message lack stays owed to them until something
 * newer about the same alert is planned for them.
 */
export function offerPlanned(state: OutboxState, planned: readonly Notification[], now: number): OutboxState {
  const known = [...state.entries.values()];
  const sending = known.filter((entry) => entry.state === 'sending');
  const entries = new Map<string, OutboxEntry>(sending.map((entry) => [entry.key, { ...entry, planned: false }]));
  for (const entry of planned.toSorted(byUrgency).flatMap((notification) => entriesOf(notification, now))) {
    if (entries.size >= MAX_ENTRIES && !entries.has(entry.key)) break;
    entries.set(entry.key, renewed(state.entries.get(entry.key), entry));
  }
  const spoken = new Set([...entries.values()].flatMap(subjectsOf));
  const owed = known.filter(
    (entry) =>
      isOwed(entry, now) && !entries.has(entry.key) && !subjectsOf(entry).some((subject) => spoken.has(subject)),
  );
  for (const entry of owed.slice(0, MAX_ENTRIES - entries.size)) entries.set(entry.key, entry);
  return { ...state, entries };
}

/** What is known of a message stays, and it says what is true now. */
function renewed(known: OutboxEntry | undefined, planned: OutboxEntry): OutboxEntry {
  if (known === undefined) return planned;
  return { ...known, notification: planned.notification, plannedAt: planned.plannedAt, planned: true };
}

function isOwed({ state, told, plannedAt }: OutboxEntry, now: number): boolean {
  return state === 'waiting' && told && now - plannedAt < MAX_OWED_MS;
}

function entriesOf(notification: Notification, now: number): readonly OutboxEntry[] {
  return [...new Set(notification.to)].map((recipient) => ({
    key: JSON.stringify([notification.id, recipient]),
    notification,
    recipient,
    state: 'waiting',
    told: false,
    planned: true,
    plannedAt: now,
    attempts: 0,
    wait: noWait,
    epoch: 0,
  }));
}

/** Worst first, then those that have been due longest. */
function byUrgency(a: Notification, b: Notification): number {
  return compareSeverity(b.severity, a.severity) || a.dueAt - b.dueAt;
}
