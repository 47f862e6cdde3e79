import type { Clock } from '../clock.ts';
import type { Resource, WatchEvent } from '../kube/client.ts';
import type { Change } from './history.ts';
import type { ObjectFilter } from './selector.ts';
import type { Store } from './store.ts';

export interface WatchRequest {
  readonly matches: ObjectFilter;
  readonly since: number;
  readonly signal: AbortSignal;
  readonly bookmarks: boolean;
}

/** Changes read at a time; between two reads others get their turn. */
const BATCH_CHANGES = 100;
/** As kube-apiserver's default. */
const BOOKMARK_INTERVAL_MS = 60_000;

/**
 * Changes of one kind after a version, in order, until the signal aborts or the store closes. A watcher that falls
 * behind what is remembered ends with Gone.
 */
export async function* watchChanges(
  deps: { readonly store: Store; readonly clock: Clock },
  resource: Resource,
  request: WatchRequest,
): AsyncGenerator<WatchEvent> {
  const { store } = deps;
  let cursor = request.since;
  while (!request.signal.aborted) {
    const page = store.changesAfter(cursor, resource, BATCH_CHANGES);
    for (const change of page.changes) {
      const event = eventOf(change, request.matches);
      if (event !== undefined) yield event;
      if (request.signal.aborted) return;
    }
    cursor = page.resourceVersion;
    if (page.changes.length === 0) {
      const woken = await waitForChange(deps, resource, request);
      if (woken.kind === 'ended') return;
      // nothing of this kind was written in between, so the rest of the history need not be kept for this watcher
      if (woken.kind === 'change') cursor = Math.max(cursor, woken.rv - 1);
      else {
        cursor = Math.max(cursor, store.resourceVersion());
        yield { type: 'BOOKMARK', resourceVersion: String(cursor) };
      }
    }
  }
}

/** How a change looks to one who sees only part of the objects: entering it is ADDED, leaving it DELETED. */
export function eventOf(change: Change, matches: ObjectFilter): WatchEvent | undefined {
  const before = change.previous !== undefined && matches(change.previous);
  const after = change.type !== 'DELETED' && matches(change.object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!before || change.previous === undefined) return undefined;
  const metadata = { ...change.previous.metadata, resourceVersion: String(change.rv) };
  return { type: 'DELETED', object: { ...change.previous, metadata } };
}

type Woken =
  | { readonly kind: 'change'; readonly rv: number }
  | { readonly kind: 'bookmark' }
  | { readonly kind: 'ended' };

async function waitForChange(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  resource: Resource,
  { signal, bookmarks }: WatchRequest,
): Promise<Woken> {
  const waiting = new AbortController();
  const either = AbortSignal.any([signal, waiting.signal]);
  const change = store.hub
    .next(resource, either)
    .then((rv): Woken => (rv === undefined ? { kind: 'ended' } : { kind: 'change', rv }));
  if (!bookmarks) return change;
  const due = clock.sleep(BOOKMARK_INTERVAL_MS, either).then(
    (): Woken => ({ kind: 'bookmark' }),
    (): Woken => ({ kind: 'ended' }),
  );
  try {
    return await Promise.race([change, due]);
  } finally {
    waiting.abort();
  }
}
