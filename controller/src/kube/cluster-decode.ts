import { FoghornError } from '../errors.ts';
import type { KubeObject, ObjectList, Resource, WatchEvent } from './client.ts';

export interface ListPage extends ObjectList {
  /** Of the next page; undefined after the last. */
  readonly continue: string | undefined;
}

export type DecodedEvent = WatchEvent | { readonly type: 'ERROR'; readonly object: unknown };

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws Unavailable for what is no JSON: then something else than an API server has answered. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new FoghornError('Unavailable', 'the API server answered with something that is no JSON', { cause: thrown });
  }
}

/** An object that the server sent; those of a list of built-in kinds do not say their kind. */
export function decodeObject(resource: Resource, value: unknown): KubeObject {
  const { group, version, kind } = resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const object = isRecord(value) ? { apiVersion, kind, ...value } : value;
  if (isObject(object)) return object;
  throw new FoghornError('Unavailable', `the API server sent a ${kind} without metadata`);
}

/**
 * What a deletion answers: the object, when finalizers keep it, or a Status that names what is gone. Of that no more
 * is known than its identity.
 */
export function decodeDeleted(
  resource: Resource,
  target: { namespace: string; name: string },
  value: unknown,
): KubeObject {
  if (!isRecord(value) || value['kind'] !== 'Status') return decodeObject(resource, value);
  const uid = isRecord(value['details']) ? value['details']['uid'] : undefined;
  const metadata = {
    name: target.name,
    ...(resource.namespaced ? { namespace: target.namespace } : {}),
    ...(typeof uid === 'string' ? { uid } : {}),
  };
  return decodeObject(resource, { metadata });
}

export function decodeList(resource: Resource, value: unknown): ListPage {
  const list = isRecord(value) ? value : {};
  const { items, metadata } = list;
  const { resourceVersion, continue: next } = isRecord(metadata) ? metadata : {};
  if (!(Array.isArray(items) || items === null) || typeof resourceVersion !== 'string') {
    throw new FoghornError('Unavailable', `the API server sent no list of ${resource.plural}`);
  }
  return {
    resourceVersion,
    items: (items ?? []).map((item: unknown) => decodeObject(resource, item)),
    continue: typeof next === 'string' && next !== '' ? next : undefined,
  };
}

/** One line of a watch. */
export function decodeEvent(resource: Resource, line: string): DecodedEvent {
  const event = parseJson(line);
  const { type, object } = isRecord(event) ? event : {};
  if (type === 'ERROR') return { type, object };
  if (type === 'BOOKMARK') return decodeBookmark(object);
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
    return { type, object: decodeObject(resource, object) };
  }
  throw new FoghornError('Unavailable', `the API server sent an unknown event to a watch of ${resource.plural}`);
}

function decodeBookmark(object: unknown): WatchEvent {
  const metadata = isRecord(object) && isRecord(object['metadata']) ? object['metadata'] : {};
  const { resourceVersion, annotations } = metadata;
  if (typeof resourceVersion !== 'string') {
    throw new FoghornError('Unavailable', 'the API server sent a bookmark without a version');
  }
  const isEnd = isRecord(annotations) && annotations['k8s.io/initial-events-end'] === 'true';
  return { type: 'BOOKMARK', resourceVersion, ...(isEnd ? { endsInitialEvents: true } : {}) };
}

/** The rest is as the schema of the server has it. */
function isObject(value: unknown): value is KubeObject {
  return (
    isRecord(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isRecord(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}
