import type { Delivery, Notification } from '../model/notification.ts';
import { backoffMs } from './backoff.ts';
import {
  isWaiting,
  MAX_ENTRIES,
  noWait,
  subjectsOf,
  type OutboxEntry,
  type OutboxState,
  type Wait,
} from './outbox-state.ts';

/** SES answers in 50 to 200 ms: enough for its usual 14 a second, and few enough for a sandbox of 1 a second. */
export const MAX_CONCURRENT_SENDS = 4;

/** The message to send now, if any; it must be started before the next one is asked for. */
export function nextToSend(state: OutboxState, now: number): OutboxEntry | undefined {
  const { gate } = state;
  if (isWaiting(gate.wait, now)) return undefined;
  const entries = [...state.entries.values()];
  const trying = gate.failures > 0;
  const sending = entries.filter((entry) => entry.state === 'sending').length;
  if (sending >= (trying ? 1 : MAX_CONCURRENT_SENDS)) return undefined;
  // Nothing about an alert that has just been spoken of to the same reader, until a new plan has taken that in.
  const spoken = new Set(entries.filter((entry) => entry.state !== 'waiting').flatMap(subjectsOf));
  const ready = entries.filter(
    (entry) =>
      entry.state === 'waiting' && !isWaiting(entry.wait, now) && !subjectsOf(entry).some((one) => spoken.has(one)),
  );
  // While it is not known whether the service is well, one message that cannot pass must not be the only one to try.
  const [first] = trying ? ready.toSorted((a, b) => a.attempts - b.attempts) : ready;
  return first;
}

export function startSending(state: OutboxState, entry: OutboxEntry): OutboxState {
  return withEntry(state, { ...entry, state: 'sending', attempts: entry.attempts + 1, epoch: state.gate.epoch });
}

export interface Outcome {
  readonly delivery: Delivery;
  readonly at: number;
  /** 0..1, for the jitter. */
  readonly random: number;
}

/** Takes in how a send went. */
export function settleSend(state: OutboxState, key: string, outcome: Outcome): OutboxState {
  const entry = state.entries.get(key);
  if (entry === undefined) return state;
  switch (outcome.delivery.kind) {
    case 'sent':
      return afterSuccess(state, entry);
    case 'rejected':
      return withEntry(state, { ...entry, state: 'rejected' });
    case 'retry':
      return afterFailure(state, entry, { ...outcome, delivery: outcome.delivery });
    default:
      return outcome.delivery satisfies never;
  }
}

/**
 * What the end of one attempt makes of its message as a whole. `before` is the state while it was under way. That it was
 * told is said once, by the first recipient that has it: what comes after, elsewhere or in vain, is no news of the alert.
 */
export function outcomeOf(
  before: OutboxState,
  after: OutboxState,
  { notification, delivery }: { readonly notification: Notification; readonly delivery: Delivery },
): 'open' | 'sent' | 'rejected' {
  if (delivery.kind === 'retry' || isTold(before, notification)) return 'open';
  if (delivery.kind === 'sent') return 'sent';
  const refused = partsOf(after, notification).filter(({ state }) => state === 'rejected');
  const refusers = new Set(refused.map(({ recipient }) => recipient));
  return notification.to.every((recipient) => refusers.has(recipient)) ? 'rejected' : 'open';
}

function isTold(state: OutboxState, notification: Notification): boolean {
  return partsOf(state, notification).some((entry) => entry.told || entry.state === 'sent');
}

function partsOf({ entries }: OutboxState, { id }: Notification): readonly OutboxEntry[] {
  return [...entries.values()].filter(({ notification }) => notification.id === id);
}

export function waitingCount(state: OutboxState): number {
  return [...state.entries.values()].filter(({ state: at }) => at === 'waiting' || at === 'sending').length;
}

function afterSuccess(state: OutboxState, sent: OutboxEntry): OutboxState {
  const { gate } = state;
  // One that began before the last failure says nothing about how things are since.
  const opens = sent.epoch === gate.epoch;
  // Several failed: that was the service, so they need not wait any longer. One alone: that may be the message.
  const released = opens && gate.failed.size > 1 ? gate.failed : new Set<string>();
  const entries = new Map<string, OutboxEntry>();
  for (const [key, entry] of state.entries) {
    const told = entry.told || entry.notification.id === sent.notification.id;
    entries.set(key, { ...entry, told, wait: released.has(key) ? noWait : entry.wait });
  }
  entries.set(sent.key, { ...sent, state: 'sent', told: true });
  return { entries, gate: opens ? { failures: 0, wait: noWait, epoch: gate.epoch, failed: new Set() } : gate };
}

type Failure = Outcome & { readonly delivery: Extract<Delivery, { kind: 'retry' }> };

function afterFailure(state: OutboxState, entry: OutboxEntry, { delivery, at, random }: Failure): OutboxState {
  const leastMs = delivery.afterMs ?? 0;
  const waitFor = (failures: number): Wait => ({
    from: at,
    ms: Math.max(leastMs, backoffMs(delivery.reason, failures, random)),
  });
  const isNeeded = entry.planned || entry.told;
  const waiting = isNeeded
    ? withEntry(state, { ...entry, state: 'waiting', wait: waitFor(entry.attempts) })
    : withoutEntry(state, entry);
  const { gate } = state;
  const failed = new Set([...gate.failed, entry.key].slice(-MAX_ENTRIES));
  if (entry.epoch !== gate.epoch) return { ...waiting, gate: { ...gate, failed } };
  const failures = gate.failures + 1;
  return { ...waiting, gate: { failures, wait: waitFor(failures), epoch: gate.epoch + 1, failed } };
}

function withoutEntry(state: OutboxState, { key }: OutboxEntry): OutboxState {
  const entries = new Map(state.entries);
  entries.delete(key);
  return { ...state, entries };
}

function withEntry(state: OutboxState, entry: OutboxEntry): OutboxState {
  return { ...state, entries: new Map(state.entries).set(entry.key, entry) };
}
