import type { Clock } from '../clock.ts';

export interface Delays {
  /** Calls back with the key after the delay; of several delays of a key the one that ends first counts. */
  add(key: string, delayMs: number): void;
  stop(): void;
}

/** Keys that are to come back later. */
export function createDelays(clock: Clock, due: (key: string) => void): Delays {
  const pending = new Map<string, { readonly at: number; readonly cancel: AbortController }>();
  let stopped = false;
  return {
    add(key, delayMs) {
      if (stopped) return;
      if (delayMs <= 0) {
        due(key);
        return;
      }
      const at = clock.now() + delayMs;
      const known = pending.get(key);
      if (known !== undefined && known.at <= at) return;
      known?.cancel.abort();
      const entry = { at, cancel: new AbortController() };
      pending.set(key, entry);
      const wake = (): void => {
        pending.delete(key);
        due(key);
      };
      // cancelled: another delay took its place, or the queue has stopped
      clock.sleep(delayMs, entry.cancel.signal).then(wake, () => undefined);
    },
    stop() {
      stopped = true;
      for (const { cancel } of pending.values()) cancel.abort();
      pending.clear();
    },
  };
}
