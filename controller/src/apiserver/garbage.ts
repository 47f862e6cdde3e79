import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Resource } from '../kube/client.ts';
import type { StoredObject } from './metadata.ts';
import type { Change } from './history.ts';
import type { Kinds } from './kinds.ts';
import type { Api } from './operations.ts';
import type { Store } from './store.ts';

export interface GarbageCollector {
  start(): void;
  /** Resolves when all that was to be collected has been. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** How often objects past their time are looked for. */
const SWEEP_INTERVAL_MS = 10 * 60_000;
/** Objects looked at before others get their turn. */
const BATCH_OBJECTS = 50;

/**
 * Deletes objects whose owners are all gone, however deep, and objects past the time that their kind is kept. An owner
 * counts by uid: another object of the same name is another owner.
 */
export function createGarbageCollector(deps: {
  readonly store: Store;
  readonly api: Api;
  readonly kinds: Kinds;
  readonly clock: Clock;
  readonly log: Log;
}): GarbageCollector {
  const { store, clock } = deps;
  const stopping = new AbortController();
  const suspects = new Set<string>();
  const state: { working: Promise<void> | undefined } = { working: undefined };
  let sweeping: Promise<void> | undefined;
  let unsubscribe: (() => void) | undefined;

  const suspect = (uids: readonly string[]): void => {
    for (const uid of uids) suspects.add(uid);
    if (suspects.size > 0) state.working ??= work();
  };
  const observe = (change: Change): void => {
    const { uid = '', ownerReferences } = change.object.metadata;
    if (change.type === 'DELETED') suspect(uidsOf(store.dependentsOf(uid)));
    else if (ownerReferences !== undefined) suspect([uid]);
  };
  const work = async (): Promise<void> => {
    await nextTurn();
    let done = 0;
    for (const uid of suspects) {
      suspects.delete(uid);
      if (stopping.signal.aborted) break;
      tryToCollect(deps, uid);
      done += 1;
      if (done % BATCH_OBJECTS === 0) await nextTurn();
    }
    state.working = undefined;
  };
  const sweep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        // what a crash or a failed write left behind between the end of an owner and that of its dependents
        suspect(store.dependents());
        expire(deps);
      } catch (thrown) {
        deps.log.warn({ err: thrown }, `garbage collection failed: ${errorMessage(thrown)}`);
      }
      await clock.sleep(SWEEP_INTERVAL_MS, stopping.signal).catch(() => undefined);
    }
  };
  return {
    start() {
      if (unsubscribe !== undefined) return;
      unsubscribe = store.subscribe(observe);
      sweeping = sweep();
    },
    idle: async () => {
      while (state.working !== undefined) await state.working;
    },
    async stop() {
      stopping.abort();
      unsubscribe?.();
      await state.working;
      await sweeping;
    },
  };
}

type Dependencies = Parameters<typeof createGarbageCollector>[0];

function collect(deps: Dependencies, uid: string): void {
  const object = deps.store.readByUid(uid);
  const owners = object?.metadata.ownerReferences;
  if (object === undefined || owners === undefined) return;
  if (owners.some((owner) => deps.store.readByUid(owner.uid) !== undefined)) return;
  const kind = deps.kinds.all.find(({ resource }) => resource.kind === object.kind);
  if (kind !== undefined) remove(deps, kind.resource, object);
}

/** A store that cannot be read now leaves it to the next sweep. */
function tryToCollect(deps: Dependencies, uid: string): void {
  try {
    collect(deps, uid);
  } catch (thrown) {
    deps.log.warn({ uid, err: thrown }, `not collected: ${errorMessage(thrown)}`);
  }
}

function expire(deps: Dependencies): void {
  for (const { resource, timeToLiveMs } of deps.kinds.all) {
    if (timeToLiveMs === undefined) continue;
    for (const old of deps.store.writtenBefore(resource, deps.clock.now() - timeToLiveMs)) remove(deps, resource, old);
  }
}

function remove({ api, log }: Dependencies, resource: Resource, { metadata }: StoredObject): void {
  const { namespace = '', name, uid = '' } = metadata;
  try {
    api.delete(resource, { namespace, name }, { preconditions: { uid } });
  } catch (thrown) {
    log.warn({ kind: resource.kind, namespace, name, err: thrown }, `not collected: ${errorMessage(thrown)}`);
  }
}

function uidsOf(objects: readonly StoredObject[]): readonly string[] {
  return objects.flatMap(({ metadata }) => metadata.uid ?? []);
}
