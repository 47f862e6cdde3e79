import { randomInt, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  alreadyExists,
  badRequest,
  conflict,
  invalidOptions,
  notFound,
  preconditionFailed,
  resourceVersionRequired,
  StatusError,
} from '../kube/status.ts';
import type { Resource } from '../kube/client.ts';
import type { DecodedObject } from './admission.ts';
import type { Api, ApiDependencies, DeleteOptions, Target, WriteOptions } from './operations.ts';
import { encodeJson } from './json.ts';
import type { KindDefinition } from './kind.ts';
import type { StoredMeta, StoredObject } from './metadata.ts';
import { timestamp } from './schema/date-time.ts';

const STALE = 'the object has been modified; please apply your changes to the latest version and try again';
/** Letters of generated names: none that make words or look alike, as Kubernetes has it. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_GENERATED_BASE = 63 - SUFFIX_LENGTH;
const MAX_FIELD_MANAGER = 128;

type Part = 'main' | 'status';

interface Replacement {
  readonly resource: Resource;
  readonly target: Target;
  readonly body: unknown;
  readonly options: WriteOptions | undefined;
}

/** The writing half of the API: read, decide, write, in one turn of the event loop. */
export function createWrites(deps: ApiDependencies): Pick<Api, 'create' | 'update' | 'updateStatus' | 'delete'> {
  const { store, kinds, admission, clock } = deps;
  const decode = (kind: KindDefinition, body: unknown, operation: string, options: WriteOptions): DecodedObject => {
    checkOptions(operation, options);
    return admission.decode(kind, body, options.fieldValidation ?? 'Warn');
  };
  const commit = (resource: Resource, object: StoredObject, old: StoredObject | undefined, dryRun: boolean) => {
    encodeJson(object);
    return dryRun ? object : store.put(resource, object, old);
  };
  const replace = (part: Part, { resource, target, body, options = {} }: Replacement) => {
    const kind = kinds.of(resource);
    const { object, warnings } = decode(kind, body, 'UpdateOptions', options);
    checkTarget(object.metadata, target);
    const old = store.read(kind.resource, target.namespace, target.name);
    if (old === undefined) throw notFound(kind.resource, target.name);
    checkVersion(kind, object.metadata, old);
    const next = part === 'status' ? withStatus(object, old) : withSpec(kind, object, old);
    admission.validate(kind, next, old);
    if (isDeepStrictEqual(next, old)) return { object: old, warnings };
    const done = next.metadata.deletionTimestamp !== undefined && next.metadata.finalizers === undefined;
    if (done) return { object: options.dryRun === true ? next : store.remove(kind.resource, next), warnings };
    return { object: commit(kind.resource, next, old, options.dryRun ?? false), warnings };
  };
  return {
    create(resource, namespace, body, options = {}) {
      const kind = kinds.of(resource);
      const { object, warnings } = decode(kind, body, 'CreateOptions', options);
      const created = asNew(kind, object, namespace, clock.now());
      admission.validate(kind, created, undefined);
      const { name } = created.metadata;
      if (store.read(kind.resource, namespace, name) !== undefined) throw alreadyExists(kind.resource, name);
      return { object: commit(kind.resource, created, undefined, options.dryRun ?? false), warnings };
    },
    update: (resource, target, body, options) => replace('main', { resource, target, body, options }),
    updateStatus: (resource, target, body, options) => {
      if (!kinds.of(resource).hasStatus) throw notFound(resource, target.name);
      return replace('status', { resource, target, body, options });
    },
    delete(resource, target, options = {}) {
      const kind = kinds.of(resource);
      const old = store.read(kind.resource, target.namespace, target.name);
      if (old === undefined) throw notFound(kind.resource, target.name);
      checkPreconditions(kind, old, options);
      const dryRun = options.dryRun ?? false;
      if (old.metadata.finalizers === undefined) return dryRun ? old : store.remove(kind.resource, old);
      if (old.metadata.deletionTimestamp !== undefined) return old;
      return commit(kind.resource, asDeleting(kind, old, clock.now()), old, dryRun);
    },
  };
}

/** Identity, age and generation are the server's to give; status comes by its own way. */
function asNew(kind: KindDefinition, object: StoredObject, namespace: string, nowMs: number): StoredObject {
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
function withSpec(kind: KindDefinition, object: StoredObject, old: StoredObject): StoredObject {
  const { status: _status, ...rest } = object;
  const kept = old.status === undefined ? rest : { ...rest, status: old.status };
  const next: StoredObject = { ...(kind.hasStatus ? kept : object), metadata: keptMeta(object.metadata, old.metadata) };
  if (!kind.countsGenerations || isDeepStrictEqual(wanted(next), wanted(old))) return next;
  return { ...next, metadata: { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 } };
}

/** What a write of status leaves: all but status as it was. */
function withStatus(object: StoredObject, old: StoredObject): StoredObject {
  const { status: _status, ...rest } = old;
  return object.status === undefined ? rest : { ...rest, status: object.status };
}

function keptMeta(meta: StoredMeta, old: StoredMeta): StoredMeta {
  const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, ...given } = meta;
  return {
    ...given,
    ...pick(old, ['namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'generateName']),
    ...pick(old, ['deletionTimestamp', 'deletionGracePeriodSeconds']),
    ...(meta.managedFields === undefined ? pick(old, ['managedFields']) : {}),
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

function asDeleting(kind: KindDefinition, object: StoredObject, nowMs: number): StoredObject {
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

function checkOptions(operation: string, { fieldManager }: WriteOptions): void {
  if (fieldManager === undefined) return;
  const tooLong = fieldManager.length > MAX_FIELD_MANAGER;
  if (!tooLong && /^\P{C}*$/u.test(fieldManager)) return;
  const message = tooLong
    ? `Too long: may not be more than ${MAX_FIELD_MANAGER} bytes`
    : `Invalid value: ${JSON.stringify(fieldManager)}: should only contain printable characters`;
  throw invalidOptions(operation, [{ type: tooLong ? 'TooLong' : 'Invalid', field: 'fieldManager', message }]);
}

function checkTarget(meta: StoredMeta, target: Target): void {
  if (meta.name !== target.name) {
    throw badRequest(`the name of the object (${meta.name ?? ''}) does not match the name on the URL (${target.name})`);
  }
  checkNamespace(meta, target.namespace);
}

function checkNamespace(meta: StoredMeta, namespace: string): void {
  if (meta.namespace === undefined || meta.namespace === namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function checkVersion(kind: KindDefinition, meta: StoredMeta, old: StoredObject): void {
  const { name, uid, resourceVersion } = old.metadata;
  if (meta.resourceVersion === undefined && kind.requiresResourceVersion) {
    throw resourceVersionRequired(kind.resource, name);
  }
  if (meta.uid !== undefined && meta.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${meta.uid}, UID in object meta: ${uid ?? ''}`;
    throw conflict(kind.resource, name, why);
  }
  if (meta.resourceVersion !== undefined && meta.resourceVersion !== resourceVersion) {
    throw conflict(kind.resource, name, STALE);
  }
}

function checkPreconditions(kind: KindDefinition, old: StoredObject, { preconditions }: DeleteOptions): void {
  const { name, uid = '', resourceVersion = '' } = old.metadata;
  const wrong = (what: string, given: string, found: string): Error =>
    preconditionFailed(
      kind.resource,
      name,
      `the ${what} in the precondition (${given}) does not match the ${what} in record (${found}). The object might have been ${what === 'UID' ? 'deleted and then recreated' : 'modified'}`,
    );
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) throw wrong('UID', preconditions.uid, uid);
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw wrong('ResourceVersion', preconditions.resourceVersion, resourceVersion);
  }
}
