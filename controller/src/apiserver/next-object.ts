import { randomInt, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { StatusError } from '../kube/status.ts';
import type { KindDefinition } from './kind.ts';
import type { StoredMeta, StoredObject } from './metadata.ts';
import { timestamp } from './schema/date-time.ts';
import { checkNamespace } from './write-checks.ts';

/** Letters of generated names: none that make words or look alike, as Kubernetes has it. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_GENERATED_BASE = 63 - SUFFIX_LENGTH;

/** Identity, age and generation are the server's to give; status comes by its own way. */
export function asNew(kind: KindDefinition, object: StoredObject, namespace: string, nowMs: number): StoredObject {
  const { metadata } = object;
  if (metadata.resourceVersion !== undefined) {
    const message = 'resourceVersion should not be set on objects to be created';
    throw new StatusError('BadRequest', { message, code: 500 });
  }
  checkNamespace(metadata, namespace);
  const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, generation: _count, ...given } = metadata;
  const meta: StoredMeta = {
    ...given,
    ...(kind.resource.namespaced ? { namespace } : {}),
    ...nameOf(metadata),
    uid: randomUUID(),
    creationTimestamp: timestamp(nowMs),
    ...(kind.countsGenerations ? { generation: 1 } : {}),
  };
  const { status: _status, ...rest } = object;
  return { ...(kind.hasStatus ? rest : object), metadata: meta };
}

function nameOf({ name, generateName }: StoredMeta): { readonly name: string } | Record<string, never> {
  // decoded metadata may lack its name, and validation says so
  const given: string | undefined = name;
  if (given !== undefined && given !== '') return { name: given };
  if (generateName === undefined) return {};
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_LETTERS[randomInt(SUFFIX_LETTERS.length)]).join('');
  return { name: `${generateName.slice(0, MAX_GENERATED_BASE)}${suffix}` };
}

/** What a write of the main resource leaves: the server's part of metadata and status as they were. */
export function withSpec(kind: KindDefinition, object: StoredObject, old: StoredObject): StoredObject {
  const { status: _status, ...rest } = object;
  const kept = old.status === undefined ? rest : { ...rest, status: old.status };
  const next: StoredObject = { ...(kind.hasStatus ? kept : object), metadata: keptMeta(object.metadata, old.metadata) };
  if (!kind.countsGenerations || isDeepStrictEqual(wanted(next), wanted(old))) return next;
  return { ...next, metadata: { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 } };
}

/** What a write of status leaves: all but status as it was. */
export function withStatus(object: StoredObject, old: StoredObject): StoredObject {
  const { status: _status, ...rest } = old;
  return object.status === undefined ? rest : { ...rest, status: object.status };
}

function keptMeta(meta: StoredMeta, old: StoredMeta): StoredMeta {
  const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, ...given } = meta;
  return {
    ...given,
    ...pick(old, ['namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'generateName']),
    ...pick(old, ['deletionTimestamp', 'deletionGracePeriodSeconds']),
  };
}

function pick(meta: StoredMeta, keys: readonly (keyof StoredMeta)[]): Partial<StoredMeta> {
  return Object.fromEntries(keys.flatMap((key) => (meta[key] === undefined ? [] : [[key, meta[key]]])));
}

/** What the generation counts the changes of. */
function wanted(object: StoredObject): unknown {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

/** Marked for deletion, which its finalizers put off. */
export function asDeleting(kind: KindDefinition, object: StoredObject, nowMs: number): StoredObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: timestamp(nowMs),
      deletionGracePeriodSeconds: 0,
      ...(kind.countsGenerations ? { generation: (metadata.generation ?? 0) + 1 } : {}),
    },
  };
}
