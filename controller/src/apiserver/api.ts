import type { Resource, WatchEvent } from '../kube/client.ts';
import { badRequest, notFound } from '../kube/status.ts';
import { filterOf, listPage } from './list-page.ts';
import { initialState } from './initial-events.ts';
import type { Api, ApiDependencies, ListPage, ListPageOptions, WatchOptions } from './operations.ts';
import { createApplies } from './applies.ts';
import { createCommit } from './commit.ts';
import { createPatches } from './patches.ts';
import { watchChanges, type WatchRequest } from './watch.ts';
import { createWrites } from './writes.ts';

/** The operations of the embedded API over a store. */
export function createApi(deps: ApiDependencies): Api {
  const { store, kinds } = deps;
  const commit = createCommit(deps);
  const writes = createWrites(deps, commit);
  const list = (resource: Resource, options: ListPageOptions = {}): ListPage =>
    listPage(store, kinds.of(resource), options);
  return {
    ...writes,
    ...createPatches(deps, writes),
    ...createApplies(deps, commit),
    get(resource, namespace, name) {
      const found = store.read(kinds.of(resource).resource, namespace, name);
      if (found === undefined) throw notFound(resource, name);
      return found;
    },
    list,
    resourceVersion: () => store.resourceVersion(),
    watch(resource, options) {
      const kind = kinds.of(resource);
      const request = {
        matches: filterOf(kind, options),
        signal: options.signal,
        bookmarks: options.bookmarks ?? false,
      };
      if (options.resourceVersion === undefined) return watchAll(deps, kind.resource, options, request);
      return watchChanges(deps, kind.resource, { ...request, since: parseVersion(options.resourceVersion) });
    },
    deleteCollection: (resource, selection, options) =>
      list(resource, selection).items.map(({ metadata }) =>
        writes.delete(resource, { namespace: metadata.namespace ?? '', name: metadata.name }, options),
      ),
  };
}

async function* watchAll(
  deps: ApiDependencies,
  resource: Resource,
  options: WatchOptions,
  request: Omit<WatchRequest, 'since'>,
): AsyncGenerator<WatchEvent> {
  const initial = initialState(deps.store, resource, options.namespace, request.matches);
  yield* initial.events;
  const since = initial.resourceVersion();
  if (options.markInitialEnd === true) {
    yield { type: 'BOOKMARK', resourceVersion: String(since), endsInitialEvents: true };
  }
  yield* watchChanges(deps, resource, { ...request, since });
}

/** Throws BadRequest for what is no version. */
export function parseVersion(text: string): number {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) {
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}`);
  }
  return Number(text);
}
