import type { Delivery } from '../model/notification.ts';

export type RetryReason = Extract<Delivery, { kind: 'retry' }>['reason'];

interface Pace {
  readonly firstMs: number;
  readonly maxMs: number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** What passes by itself is tried soon; what only a new day or an operator ends is tried rarely. */
const paces: Readonly<Record<RetryReason, Pace>> = {
  throttled: { firstMs: SECOND_MS, maxMs: 5 * MINUTE_MS },
  network: { firstMs: SECOND_MS, maxMs: 5 * MINUTE_MS },
  server: { firstMs: SECOND_MS, maxMs: 5 * MINUTE_MS },
  timeout: { firstMs: SECOND_MS, maxMs: 5 * MINUTE_MS },
  credentials: { firstMs: 30 * SECOND_MS, maxMs: 10 * MINUTE_MS },
  paused: { firstMs: 5 * MINUTE_MS, maxMs: 30 * MINUTE_MS },
  quota: { firstMs: 30 * MINUTE_MS, maxMs: 120 * MINUTE_MS },
};

/** At most this part is added, so that messages that failed together do not come back together. */
const JITTER = 0.25;

/** How long to wait after the `failures`th failure in a row (from 1); `random` is in 0..1. */
export function backoffMs(reason: RetryReason, failures: number, random: number): number {
  const { firstMs, maxMs } = paces[reason];
  return Math.min(maxMs, firstMs * 2 ** (failures - 1) * (1 + JITTER * random));
}
