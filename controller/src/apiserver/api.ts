import type { Resource } from '../kube/client.ts';
import { badRequest, notFound } from '../kube/status.ts';
import { filterOf, listPage } from './list-page.ts';
import type { Api, ApiDependencies, ListPage, ListPageOptions } from './operations.ts';
import { watchChanges } from './watch.ts';
import { createWrites } from './writes.ts';

/** The operations of the embedded API over a store. */
export function createApi(deps: ApiDependencies): Api {
  const { store, kinds } = deps;
  const writes = createWrites(deps);
  const list = (resource: Resource, options: ListPageOptions = {}): ListPage =>
    listPage(store, kinds.of(resource), options);
  return {
    ...writes,
    get(resource, namespace, name) {
      const found = store.read(kinds.of(resource).resource, namespace, name);
      if (found === undefined) throw notFound(resource, name);
      return found;
    },
    list,
    watch(resource, options) {
      const kind = kinds.of(resource);
      const since = parseVersion(options.resourceVersion);
      return watchChanges({ store, clock: deps.clock }, kind.resource, {
        matches: filterOf(kind, options),
        since,
        signal: options.signal,
        bookmarks: options.bookmarks ?? false,
      });
    },
    deleteCollection: (resource, selection, options) =>
      list(resource, selection).items.map(({ metadata }) =>
        writes.delete(resource, { namespace: metadata.namespace ?? '', name: metadata.name }, options),
      ),
  };
}

function parseVersion(text: string): number {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) {
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}`);
  }
  return Number(text);
}
