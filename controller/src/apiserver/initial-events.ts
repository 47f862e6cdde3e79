import type { Resource, WatchEvent } from '../kube/client.ts';
import type { StoredObject } from './metadata.ts';
import type { ObjectFilter } from './selector.ts';
import type { Store } from './store.ts';
import { eventOf } from './watch.ts';

/** Objects, and changes, read at a time; between two reads others get their turn. */
const BATCH = 500;

/** What all objects are now, and the version from which to go on. */
export interface InitialState {
  readonly events: Iterable<WatchEvent>;
  /** To be called when all events were taken. */
  readonly resourceVersion: () => number;
}

/**
 * Every object that is there as ADDED, read in pages as the caller takes them. What changes meanwhile is told at once
 * for objects already told of, and left to the coming pages for the others, so that a slow reader needs no copy of all.
 */
export function initialState(
  store: Store,
  resource: Resource,
  namespace: string | undefined,
  matches: ObjectFilter,
): InitialState {
  let version = store.resourceVersion();
  function* changesUpTo(last: StoredObject): Generator<WatchEvent> {
    for (;;) {
      const page = store.changesAfter(version, resource, BATCH);
      version = page.resourceVersion;
      for (const change of page.changes) {
        const event = isPast(change.object, last) ? eventOf(change, matches) : undefined;
        if (event !== undefined) yield event;
      }
      if (page.changes.length < BATCH) return;
    }
  }
  function* events(): Generator<WatchEvent> {
    let last: StoredObject | undefined;
    for (;;) {
      // both are read in one turn of the event loop: the page shows the state at `version`
      const missed: readonly WatchEvent[] = last === undefined ? [] : [...changesUpTo(last)];
      const after = last === undefined ? undefined : placeOf(last);
      const page = store.list(resource, { namespace, after, limit: BATCH });
      version = store.resourceVersion();
      yield* missed;
      for (const object of page) if (matches(object)) yield { type: 'ADDED', object };
      last = page.at(-1);
      if (last === undefined || page.length < BATCH) return;
    }
  }
  return { events: events(), resourceVersion: () => version };
}

function placeOf({ metadata }: StoredObject): { readonly namespace: string; readonly name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}

/** In the order of the store, which compares bytes. */
function isPast(object: StoredObject, last: StoredObject): boolean {
  const [a, b] = [placeOf(object), placeOf(last)];
  return a.namespace === b.namespace ? !isAfter(a.name, b.name) : !isAfter(a.namespace, b.namespace);
}

function isAfter(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;
}
