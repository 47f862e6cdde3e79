import type { Resource } from '../kube/client.ts';
import { resourceName, unavailable } from '../kube/status.ts';
import type { Change, ChangesPage } from './history.ts';

/** Changes kept in memory, shared by all watchers; one who is further behind reads from the file. */
const RING_CHANGES = 1_000;
const RING_BYTES = 16 * 1024 * 1024;
/** Watches at one time; each costs a promise and a cursor. */
const MAX_WATCHERS = 5_000;

export interface WatchHub {
  /** `bytes`: about what the change takes in memory. */
  publish(change: Change, bytes: number): void;
  /** Undefined when the ring does not reach back that far. */
  changesAfter(resourceVersion: number, resource: string, limit: number): ChangesPage | undefined;
  /**
   * Waits for the next change of the resource and gives its version, or undefined when the signal aborts or the
   * store closes. A watcher holds no buffer, only how far it has come: a slow one delays nobody.
   */
  next(resource: Resource, signal: AbortSignal): Promise<number | undefined>;
  subscribe(listener: (change: Change) => void): () => void;
  close(): void;
}

export function createWatchHub(): WatchHub {
  const ring: Change[] = [];
  const sizes: number[] = [];
  let ringBytes = 0;
  const listeners = new Set<(change: Change) => void>();
  const waiting = new Map<string, Set<(rv: number | undefined) => void>>();
  let waiters = 0;
  let closed = false;
  const wake = (resource: string, rv: number | undefined): void => {
    const woken = waiting.get(resource);
    waiting.delete(resource);
    for (const resolve of woken ?? []) resolve(rv);
  };
  return {
    publish(change, bytes) {
      ring.push(change);
      sizes.push(bytes);
      ringBytes += bytes;
      while (ring.length > RING_CHANGES || (ringBytes > RING_BYTES && ring.length > 1)) {
        ring.shift();
        ringBytes -= sizes.shift() ?? 0;
      }
      for (const listener of listeners) listener(change);
      wake(change.resource, change.rv);
    },
    changesAfter: (resourceVersion, resource, limit) => pageOf(ring, resourceVersion, resource, limit),
    next(kind, signal) {
      const resource = resourceName(kind);
      if (closed || signal.aborted) return Promise.resolve(undefined);
      if (waiters >= MAX_WATCHERS) throw unavailable(`too many watches: at most ${MAX_WATCHERS} at a time`);
      waiters += 1;
      const { promise, resolve } = Promise.withResolvers<number | undefined>();
      const group = waiting.get(resource) ?? new Set();
      waiting.set(resource, group.add(resolve));
      const abort = (): void => {
        group.delete(resolve);
        resolve(undefined);
      };
      signal.addEventListener('abort', abort, { once: true });
      return promise.finally(() => {
        waiters -= 1;
        signal.removeEventListener('abort', abort);
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      for (const group of waiting.values()) for (const resolve of group) resolve(undefined);
      waiting.clear();
    },
  };
}

/** Every write takes the next version, so that a version says where in the ring it stands. */
function pageOf(ring: readonly Change[], after: number, resource: string, limit: number): ChangesPage | undefined {
  const first = ring[0]?.rv;
  if (first === undefined || after < first - 1) return undefined;
  const changes: Change[] = [];
  let looked = after;
  for (let index = after - first + 1; index < ring.length && changes.length < limit; index += 1) {
    const change = ring[index];
    if (change === undefined) break;
    if (change.resource === resource) changes.push(change);
    looked = change.rv;
  }
  return { changes, resourceVersion: looked };
}
