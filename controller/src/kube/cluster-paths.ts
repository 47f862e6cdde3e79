import type { KubeObject, ListOptions, Resource } from './client.ts';
import { badRequest } from './status.ts';

/** `/apis/foghorn.dev/v1alpha1/namespaces/default/silences`; without a namespace that of all of them. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const { group, version, plural, namespaced } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${segment(group)}/${segment(version)}`;
  const within = namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : '';
  return `${root}${within}/${segment(plural)}`;
}

export function objectPath(resource: Resource, namespace: string, name: string): string {
  return `${collectionPath(resource, namespace)}/${segment(name)}`;
}

/** Where an object of its own word belongs. */
export function namespaceOf(resource: Resource, object: KubeObject): string {
  return resource.namespaced ? (object.metadata.namespace ?? 'default') : '';
}

export function selectionQuery({ labelSelector }: ListOptions): Readonly<Record<string, string>> {
  return labelSelector === undefined ? {} : { labelSelector };
}

/** A name is outside text: it must not lead to another path than its own. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') throw badRequest(`${JSON.stringify(text)} is no name`);
  return encodeURIComponent(text);
}
