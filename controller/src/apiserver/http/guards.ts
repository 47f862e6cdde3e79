import { StatusError, notFound, resourceName } from '../../kube/status.ts';
import { customResourceDefinitions, namespaces } from '../builtin-resources.ts';
import { DEFAULT_NAMESPACE, findNamespace } from '../namespaces.ts';
import type { HandlerDeps, KindRequest } from './context.ts';
import { forbidden } from './rights.ts';

/** Throws NotFound for a new object in a namespace that is not there. */
export function checkNamespaceExists({ api }: HandlerDeps, { info, kind }: KindRequest): void {
  if (!kind.resource.namespaced || info.namespace === undefined) return;
  if (findNamespace(api, info.namespace) === undefined) throw notFound(namespaces, info.namespace);
}

/** Definitions are part of this software: they can be read, and their labels and annotations changed. */
export function isDefinition({ kind }: KindRequest): boolean {
  return resourceName(kind.resource) === resourceName(customResourceDefinitions);
}

export function definitionFixed({ info }: KindRequest): StatusError {
  const name = info.name ?? '';
  const what = `${resourceName(customResourceDefinitions)} ${JSON.stringify(name)}`;
  return forbidden(`${what} is forbidden: the definitions that are served here are fixed`, {
    ...(name === '' ? {} : { name }),
    group: customResourceDefinitions.group,
    kind: customResourceDefinitions.plural,
  });
}

/** Empties a namespace before it goes. Throws Forbidden for `default`, Conflict while finalizers hold something in it. */
export function emptyNamespace({ api, kinds }: HandlerDeps, name: string): void {
  if (name === DEFAULT_NAMESPACE) {
    throw forbidden(`namespaces "${name}" is forbidden: this namespace may not be deleted`, {
      name,
      kind: 'namespaces',
    });
  }
  const inside = kinds.all.filter(({ resource, verbs }) => resource.namespaced && verbs === undefined);
  for (const { resource } of inside) api.deleteCollection(resource, { namespace: name });
  const left = inside.filter(({ resource }) => api.list(resource, { namespace: name, limit: 1 }).items.length > 0);
  if (left.length === 0) return;
  const held = left.map(({ resource }) => resourceName(resource)).join(', ');
  throw new StatusError('Conflict', {
    message: `Operation cannot be fulfilled on namespaces "${name}": finalizers hold objects in it (${held}); delete it again when they are gone`,
    reason: 'Conflict',
    details: { name, kind: 'namespaces' },
    code: 409,
  });
}
