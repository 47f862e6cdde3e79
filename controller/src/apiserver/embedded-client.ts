import type { KubeObject, Resource, ResourceClient } from '../kube/client.ts';
import { isFoghornError } from '../errors.ts';
import type { Api, Target, WriteOptions } from './operations.ts';

/** The ResourceClient of a controller that serves its own API. Unknown fields are refused. */
export function createEmbeddedClient(deps: { readonly api: Api; readonly fieldManager: string }): ResourceClient {
  const { api } = deps;
  const options: WriteOptions = { fieldManager: deps.fieldManager, fieldValidation: 'Strict' };
  return {
    get: (resource, namespace, name) => settle(() => unlessMissing(() => api.get(resource, namespace, name))),
    list: (resource, selection = {}) => settle(() => api.list(resource, selection)),
    watch: (resource, selection) => api.watch(resource, selection),
    create: (resource, object, more) =>
      settle(() => api.create(resource, namespaceOf(resource, object), object, { ...options, ...more }).object),
    update: (resource, object, more) =>
      settle(() => api.update(resource, targetOf(resource, object), object, { ...options, ...more }).object),
    updateStatus: (resource, object) =>
      settle(() => api.updateStatus(resource, targetOf(resource, object), object, options).object),
    delete: (resource, namespace, name) => settle(() => unlessMissing(() => api.delete(resource, { namespace, name }))),
  };
}

/** A fault is a rejection, as with any client, though the API works at once. */
async function settle<T>(call: () => T): Promise<T> {
  return call();
}

function unlessMissing<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (thrown) {
    if (isFoghornError(thrown, 'NotFound')) return undefined;
    throw thrown;
  }
}

function targetOf(resource: Resource, object: KubeObject): Target {
  return { namespace: namespaceOf(resource, object), name: object.metadata.name };
}

function namespaceOf(resource: Resource, object: KubeObject): string {
  return resource.namespaced ? (object.metadata.namespace ?? 'default') : '';
}
