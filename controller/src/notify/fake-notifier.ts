import type { Delivery, EmailMessage } from '../model/notification.ts';
import { isEmailAddress } from './address.ts';
import type { Notifier } from './notifier.ts';

export type Decide = (message: EmailMessage) => Promise<Delivery> | Delivery | undefined;

export interface FakeNotifier extends Notifier {
  /** Messages that were taken, in order. */
  readonly sent: readonly EmailMessage[];
  /** All that were asked for, also those that failed. */
  readonly attempts: readonly EmailMessage[];
  /** Decides each answer from now on; `undefined` takes the message. */
  answer(decide: Decide): void;
}

/** A notifier in memory, for tests. */
export function createFakeNotifier(): FakeNotifier {
  const sent: EmailMessage[] = [];
  const attempts: EmailMessage[] = [];
  let decide: Decide = takeAll;

  function take(message: EmailMessage): Delivery {
    sent.push(message);
    return { kind: 'sent', messageId: `fake-${sent.length}` };
  }

  return {
    sent,
    attempts,
    answer(next) {
      decide = next;
    },
    async send(message) {
      attempts.push(message);
      if (!isEmailAddress(message.from)) return { kind: 'rejected', reason: 'sender', message: 'no address' };
      if (!isEmailAddress(message.to)) return { kind: 'rejected', reason: 'address', message: 'no address' };
      const answer = await decide(message);
      if (answer === undefined) return take(message);
      if (answer.kind === 'sent') sent.push(message);
      return answer;
    },
  };
}

function takeAll(): undefined {
  return undefined;
}
