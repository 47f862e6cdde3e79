import type { Clock } from '../../clock.ts';

/** When to try again to open a store. */
export interface Retry {
  mustWait(): boolean;
  /** After a failure. */
  later(): void;
  /** When there is nothing to open yet. */
  soon(): void;
  reset(): void;
}

/** Waits between two tries to open: doubled from the first to the last. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

export function createRetry(clock: Clock): Retry {
  let at = 0;
  let waitMs = FIRST_RETRY_MS;
  return {
    mustWait() {
      const leftMs = at - clock.now();
      // A longer wait than was ever asked for means that the clock was set back.
      return leftMs > 0 && leftMs <= LAST_RETRY_MS;
    },
    later() {
      at = clock.now() + waitMs;
      waitMs = Math.min(LAST_RETRY_MS, waitMs * 2);
    },
    soon() {
      at = clock.now() + FIRST_RETRY_MS;
    },
    reset() {
      waitMs = FIRST_RETRY_MS;
    },
  };
}
