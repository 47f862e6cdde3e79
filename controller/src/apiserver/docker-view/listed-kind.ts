import type { Clock } from '../../clock.ts';
import type { KubeObject, WatchEvent } from '../../kube/client.ts';
import { notFound, unavailable } from '../../kube/status.ts';
import { parseVersion } from '../api.ts';
import type { KindDefinition } from '../kind.ts';
import { filterOf } from '../list-page.ts';
import type { ListPage, Selection, WatchOptions } from '../operations.ts';
import type { ObjectFilter } from '../selector.ts';
import { eventOf } from '../watch.ts';
import { createChangeLog, type ChangeLog } from './change-log.ts';

/** A kind that is served and that nobody can write. Faults are StatusErrors. */
export interface ReadOnlyKind {
  readonly definition: KindDefinition;
  /** All that are asked for, in order of namespace and name: pages are not made, since the hosts bound the number. */
  list(selection?: Selection): ListPage;
  get(namespace: string, name: string): KubeObject;
  /** As `Api.watch`. */
  readonly watch?: (options: WatchOptions) => AsyncIterable<WatchEvent>;
}

/** A watch sees a change after at most this long. */
const LOOK_INTERVAL_MS = 1000;
/** As kube-apiserver's default. */
const BOOKMARK_INTERVAL_MS = 60_000;
/** Watches of one kind at a time; each costs a timer and a cursor. */
const MAX_WATCHERS = 1000;

interface KindDeps {
  readonly definition: KindDefinition;
  /** The objects of now, without versions. */
  readonly read: () => readonly KubeObject[];
  readonly clock: Clock;
}

/** Objects that are made anew with every reading, such as metrics: there is nothing to watch. */
export function createSampledKind({ read, clock, ...deps }: KindDeps): ReadOnlyKind {
  const definition = { ...deps.definition, verbs: ['get', 'list'] };
  const list = (selection: Selection = {}): ListPage => ({
    resourceVersion: String(clock.now()),
    items: inOrder(read().filter(filterOf(definition, selection))),
  });
  return { definition, list, get: getter(definition, list) };
}

/** Objects that stay what they are between changes, and can be watched. */
export function createWatchedKind({ read, clock, ...deps }: KindDeps): ReadOnlyKind {
  const definition = { ...deps.definition, verbs: ['get', 'list', 'watch'] };
  const log = createChangeLog({ resource: definition.resource, read, clock });
  const list = (selection: Selection = {}): ListPage => {
    const { resourceVersion, items } = log.list();
    return { resourceVersion, items: inOrder(items.filter(filterOf(definition, selection))) };
  };
  const watch = createWatch({ definition, log, clock });
  return { definition, list, get: getter(definition, list), watch };
}

function getter({ resource }: KindDefinition, list: (selection: Selection) => ListPage): ReadOnlyKind['get'] {
  return (namespace, name) => {
    const found = list(resource.namespaced ? { namespace } : {}).items.find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw notFound(resource, name);
    return found;
  };
}

function inOrder(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

interface WatchDeps {
  readonly definition: KindDefinition;
  readonly log: ChangeLog;
  readonly clock: Clock;
}

function createWatch(deps: WatchDeps): (options: WatchOptions) => AsyncIterable<WatchEvent> {
  let watchers = 0;

  async function* counted(events: AsyncIterable<WatchEvent>): AsyncGenerator<WatchEvent> {
    if (watchers >= MAX_WATCHERS) throw unavailable(`too many watches: at most ${MAX_WATCHERS} at a time`);
    watchers += 1;
    try {
      yield* events;
    } finally {
      watchers -= 1;
    }
  }

  return (options) => {
    const matches = filterOf(deps.definition, options);
    const since = options.resourceVersion === undefined ? undefined : parseVersion(options.resourceVersion);
    return counted(tell(deps, matches, { ...options, since }));
  };
}

interface Asked extends WatchOptions {
  readonly since: number | undefined;
}

async function* tell(deps: WatchDeps, matches: ObjectFilter, asked: Asked): AsyncGenerator<WatchEvent> {
  const since = asked.since ?? (yield* tellAll(deps.log, matches, asked.markInitialEnd));
  yield* tellChanges(deps, matches, { ...asked, since });
}

/** All objects of now as ADDED; returns the version to go on from. */
function* tellAll(log: ChangeLog, matches: ObjectFilter, marksEnd = false): Generator<WatchEvent, number> {
  const { resourceVersion, items } = log.list();
  for (const object of items) if (matches(object)) yield { type: 'ADDED', object };
  if (marksEnd) yield { type: 'BOOKMARK', resourceVersion, endsInitialEvents: true };
  return Number(resourceVersion);
}

async function* tellChanges(
  { log, clock }: WatchDeps,
  matches: ObjectFilter,
  { since, signal, bookmarks = false }: Asked & { readonly since: number },
): AsyncGenerator<WatchEvent> {
  let cursor = since;
  let bookmarkedAt = clock.now();
  while (!signal.aborted) {
    for (const change of log.changesAfter(cursor)) {
      cursor = change.rv;
      const event = eventOf(change, matches);
      if (event !== undefined) yield event;
      if (signal.aborted) return;
    }
    if (bookmarks && clock.now() - bookmarkedAt >= BOOKMARK_INTERVAL_MS) {
      bookmarkedAt = clock.now();
      yield { type: 'BOOKMARK', resourceVersion: String(cursor) };
    }
    await clock.sleep(LOOK_INTERVAL_MS, signal).catch(() => undefined);
  }
}
