import type { KubeObject } from '../kube/client.ts';
import { isFoghornError } from '../errors.ts';
import { namespaces } from './builtin-resources.ts';
import type { Kinds } from './kinds.ts';
import type { Api, WriteOptions } from './operations.ts';
import type { Store } from './store.ts';

export const DEFAULT_NAMESPACE = 'default';

/**
 * Keeps a Namespace object for `default` and for each namespace that the controller itself writes to: it may, while
 * clients must create theirs first. Gives back how to stop.
 */
export function keepNamespaces(deps: {
  readonly api: Api;
  readonly store: Store;
  readonly kinds: Kinds;
  readonly options: WriteOptions;
}): () => void {
  const { api, store, kinds, options } = deps;
  const ensure = (name: string): void => {
    if (findNamespace(api, name) !== undefined) return;
    api.create(namespaces, '', { apiVersion: 'v1', kind: namespaces.kind, metadata: { name } }, options);
  };
  const known = new Set([DEFAULT_NAMESPACE]);
  for (const { resource } of kinds.all) {
    if (resource.namespaced) for (const { metadata } of store.list(resource, {})) known.add(metadata.namespace ?? '');
  }
  for (const name of known) ensure(name);
  return store.subscribe(({ type, object }) => {
    const { namespace } = object.metadata;
    // after this write has been told to all
    if (type === 'ADDED' && namespace !== undefined) queueMicrotask(() => ensure(namespace));
  });
}

export function findNamespace(api: Api, name: string): KubeObject | undefined {
  try {
    return api.get(namespaces, '', name);
  } catch (thrown) {
    if (isFoghornError(thrown, 'NotFound')) return undefined;
    throw thrown;
  }
}
