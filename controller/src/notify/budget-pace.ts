import type { Clock } from '../clock.ts';
import type { Delivery } from '../model/notification.ts';
import type { Notifier } from './notifier.ts';

export interface PacedNotifier extends Notifier {
  /** Ends every wait; what waited is tried again by whoever sent it. */
  close(): void;
}

/**
 * Lets no more messages through in a second than the rate allows: SES refuses what comes faster, and an answer of
 * "throttled" costs longer waits than this. A second's worth may go at once.
 */
export function createPacedNotifier(deps: {
  readonly notifier: Notifier;
  readonly ratePerSecond: () => number;
  readonly clock: Clock;
}): PacedNotifier {
  const { notifier, ratePerSecond, clock } = deps;
  const closing = new AbortController();
  /** When the next message may go if none had been saved up. */
  let freeAt = Number.NEGATIVE_INFINITY;

  /** How long this message must wait; its place is taken by asking. */
  function takePlace(): number {
    const now = clock.now();
    const rate = Math.max(MIN_RATE, ratePerSecond());
    const stepMs = 1000 / rate;
    const savedMs = (Math.max(1, Math.floor(rate)) - 1) * stepMs;
    const isFuture = freeAt - now > MAX_WAIT_MS;
    freeAt = Math.max(isFuture ? now : freeAt, now - savedMs) + stepMs;
    return Math.max(0, freeAt - stepMs - now);
  }

  return {
    async send(message) {
      const waitMs = takePlace();
      if (waitMs > 0) {
        const ended = await clock.sleep(waitMs, closing.signal).then(
          () => undefined,
          () => stopped,
        );
        if (ended !== undefined) return ended;
      }
      return notifier.send(message);
    },
    close: () => closing.abort(),
  };
}

/** One in ten seconds. */
const MIN_RATE = 0.1;
/** Longer than a handful of messages can have to wait: then the clock was set back. */
const MAX_WAIT_MS = 120_000;

const stopped: Delivery = { kind: 'retry', reason: 'throttled', message: 'The controller stops; it is sent again.' };
