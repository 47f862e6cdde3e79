import type { Clock } from '../clock.ts';
import type { AlertSink } from '../pipeline/ledger.ts';
import type { AlertStore } from '../reconcile/alert-store.ts';

/** Longer than a leader leads without its API server. */
const STORED_WITHIN_MS = 12_000;
const AGAIN_MS = 500;

/**
 * Of several replicas: what cannot be stored is not told before this replica has lost its lead, for then the next one
 * tells it, and knows nothing of a mail that has no Alert. With an API server that takes a renewal and no Alert it is
 * told all the same. Nobody waits any more when the signal aborts: that is for when nothing is told any more.
 */
export function storedFirst(store: AlertStore, clock: Clock, over: AbortSignal): AlertSink {
  return {
    remove: store.remove,
    async save(alerts) {
      await store.save(alerts);
      if (store.waiting() === 0) return;
      const done = new AbortController();
      const signal = AbortSignal.any([done.signal, over]);
      const patience = clock.sleep(STORED_WITHIN_MS, signal).catch(() => undefined);
      try {
        await Promise.race([storeRest(store, clock, signal), patience]);
      } finally {
        done.abort();
      }
    },
  };
}

async function storeRest(store: AlertStore, clock: Clock, signal: AbortSignal): Promise<void> {
  while (store.waiting() > 0 && !signal.aborted) {
    await clock.sleep(AGAIN_MS, signal).catch(() => undefined);
    await store.flush();
  }
}
