import type { Notification } from '../model/notification.ts';

/** One message to one recipient. */
export interface OutboxEntry {
  /** Notification id and recipient. */
  readonly key: string;
  readonly notification: Notification;
  readonly recipient: string;
  /** `sent` and `rejected` stay for as long as they are still planned: the caller may not have written it down yet. */
  readonly state: 'waiting' | 'sending' | 'sent' | 'rejected';
  /** Another recipient has this message: it is not planned again, but it is still owed to this one. */
  readonly told: boolean;
  /** In the last plan: what is under way and no longer planned is not tried again, unless it is owed. */
  readonly planned: boolean;
  readonly plannedAt: number;
  readonly attempts: number;
  readonly wait: Wait;
  /** The gate's epoch when it was last started. */
  readonly epoch: number;
}

/** From a time on, for so long. A clock that is set back ends it, so that no jump can hold a message for hours. */
export interface Wait {
  readonly from: number;
  readonly ms: number;
}

/**
 * What is known of the service as a whole. After a failure it is closed for a while, then one message at a time tries it
 * until one succeeds: an outage costs one attempt each time, whatever the number of messages.
 */
export interface Gate {
  /** In a row, without those that were under way together. */
  readonly failures: number;
  readonly wait: Wait;
  /** Counts failures; tells those that began before the last one. */
  readonly epoch: number;
  /** Keys that failed since the last success. */
  readonly failed: ReadonlySet<string>;
}

export interface OutboxState {
  readonly entries: ReadonlyMap<string, OutboxEntry>;
  readonly gate: Gate;
}

/** Messages kept at most; what is past it is planned again at the next tick, worst first. */
export const MAX_ENTRIES = 1000;

export const noWait: Wait = { from: 0, ms: 0 };

export const emptyOutbox: OutboxState = {
  entries: new Map(),
  gate: { failures: 0, wait: noWait, epoch: 0, failed: new Set() },
};

/** What a message speaks of to whom: policy, rule and target of each alert, and the recipient. */
export function subjectsOf({ notification, recipient }: OutboxEntry): readonly string[] {
  return notification.alerts.map(({ alert }) => JSON.stringify([alert.key, recipient]));
}

/** Whether the wait still holds. */
export function isWaiting({ from, ms }: Wait, now: number): boolean {
  return now >= from && now < from + ms;
}
