import type { Log } from '../log.ts';
import type { Delivery } from '../model/notification.ts';
import type { EmailSnapshot } from '../model/snapshot.ts';

/** Counts and says how sending goes. */
export interface Tally {
  add(delivery: Delivery, about: Attempt): void;
  /** Forgets the troubles of all but these. */
  keep(recipients: ReadonlySet<string>): void;
  summary(): Pick<EmailSnapshot, 'sent' | 'failed' | 'lastSentAt' | 'lastError'>;
}

export interface Attempt {
  readonly notification: string;
  readonly recipient: string;
  /** From 1. */
  readonly attempt: number;
  /** Epoch milliseconds of its end. */
  readonly at: number;
}

/** Recipients whose last error is remembered at most. */
const MAX_TROUBLES = 100;

export function createTally(log: Log): Tally {
  /** Last error of each recipient that has had no mail since. */
  const troubles = new Map<string, string>();
  let sent = 0;
  let failed = 0;
  let lastSentAt: number | undefined;

  function addTrouble(recipient: string, message: string): void {
    if (troubles.size < MAX_TROUBLES) troubles.set(recipient, message);
  }

  return {
    add(delivery, { at, ...about }) {
      troubles.delete(about.recipient);
      switch (delivery.kind) {
        case 'sent':
          sent += 1;
          lastSentAt = at;
          log.info({ ...about, messageId: delivery.messageId }, 'message sent');
          return;
        case 'rejected':
          failed += 1;
          addTrouble(about.recipient, delivery.message);
          log.warn({ ...about, reason: delivery.reason }, delivery.message);
          return;
        case 'retry':
          addTrouble(about.recipient, delivery.message);
          // The first failure is news; those after it are the same story.
          log[about.attempt === 1 ? 'warn' : 'debug']({ ...about, reason: delivery.reason }, delivery.message);
          return;
        default:
          delivery satisfies never;
      }
    },
    keep(recipients) {
      for (const recipient of troubles.keys()) if (!recipients.has(recipient)) troubles.delete(recipient);
    },
    summary: () => ({ sent, failed, lastSentAt, lastError: [...troubles.values()].at(-1) }),
  };
}
