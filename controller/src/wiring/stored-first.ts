import type { Clock } from '../clock.ts';
import type { AlertSink } from '../pipeline/ledger.ts';
import type { AlertStore } from '../reconcile/alert-store.ts';

/** Longer than a leader leads without its API server. */
const STORED_WITHIN_MS = 12_000;
const AGAIN_MS = 500;

/**
 * Of several replicas: what cannot be stored is not told before this replica has lost its lead, for then the next one
 * tells it, and knows nothing of a mail that has no Alert. With an API server that takes a renewal and no Alert it is
 * told all the same.
 */
export function storedFirst(store: AlertStore, clock: Clock): AlertSink {
  return {
    remove: store.remove,
    async save(alerts) {
      const until = clock.now() + STORED_WITHIN_MS;
      await store.save(alerts);
      while (store.waiting() > 0 && clock.now() < until) {
        await clock.sleep(AGAIN_MS, new AbortController().signal);
        await store.flush();
      }
    },
  };
}
