import type { Resource } from '../../kube/client.ts';
import { resourceName } from '../../kube/status.ts';
import { createKinds, type Kinds } from '../kinds.ts';
import type { Api } from '../operations.ts';
import type { ReadOnlyKind } from './listed-kind.ts';

/** The embedded API, and what it serves. */
interface Served {
  readonly api: Api;
  readonly kinds: Kinds;
}

/** The API with more kinds, which can be read. Their definitions name the verbs; writing them is NotFound. */
export function serveView({ api, kinds }: Served, added: readonly ReadOnlyKind[]): Served {
  const byName = new Map(added.map((kind) => [resourceName(kind.definition.resource), kind]));
  const find = (resource: Resource): ReadOnlyKind | undefined => byName.get(resourceName(resource));
  return {
    kinds: createKinds([...kinds.all, ...added.map(({ definition }) => definition)]),
    api: {
      ...api,
      get: (resource, namespace, name) => find(resource)?.get(namespace, name) ?? api.get(resource, namespace, name),
      list: (resource, options) => find(resource)?.list(options) ?? api.list(resource, options),
      watch: (resource, options) => find(resource)?.watch?.(options) ?? api.watch(resource, options),
      resourceVersion(resource) {
        const kind = find(resource);
        return kind === undefined ? api.resourceVersion(resource) : Number(kind.list().resourceVersion);
      },
    },
  };
}
