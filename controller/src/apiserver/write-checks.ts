import { badRequest, conflict, invalidOptions, preconditionFailed, resourceVersionRequired } from '../kube/status.ts';
import type { KindDefinition } from './kind.ts';
import type { StoredMeta, StoredObject } from './metadata.ts';
import type { DeleteOptions, Target, WriteOptions } from './operations.ts';

const STALE = 'the object has been modified; please apply your changes to the latest version and try again';
const MAX_FIELD_MANAGER = 128;

/** Throws Invalid for a field manager that is too long or not printable. */
export function checkOptions(operation: string, { fieldManager }: WriteOptions): void {
  if (fieldManager === undefined) return;
  const tooLong = fieldManager.length > MAX_FIELD_MANAGER;
  if (!tooLong && /^\P{C}*$/u.test(fieldManager)) return;
  const message = tooLong
    ? `Too long: may not be more than ${MAX_FIELD_MANAGER} bytes`
    : `Invalid value: ${JSON.stringify(fieldManager)}: should only contain printable characters`;
  throw invalidOptions(operation, [{ type: tooLong ? 'TooLong' : 'Invalid', field: 'fieldManager', message }]);
}

/** Throws BadRequest when the object is not the one of the path. */
export function checkTarget(meta: StoredMeta, target: Target): void {
  if (meta.name !== target.name) {
    throw badRequest(`the name of the object (${meta.name ?? ''}) does not match the name on the URL (${target.name})`);
  }
  checkNamespace(meta, target.namespace);
}

/** Throws BadRequest when the object is of another namespace than the path. */
export function checkNamespace(meta: StoredMeta, namespace: string): void {
  if (meta.namespace === undefined || meta.namespace === namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Throws Conflict when the object is not the one, or not of the version, that it is to replace. */
export function checkVersion(kind: KindDefinition, meta: StoredMeta, old: StoredObject): void {
  const { name, uid, resourceVersion } = old.metadata;
  if (meta.resourceVersion === undefined && kind.requiresResourceVersion) {
    throw resourceVersionRequired(kind.resource, name);
  }
  if (meta.uid !== undefined && meta.uid !== uid) {
    const why = `${storageError(kind, old)}Precondition failed: UID in precondition: ${meta.uid}, UID in object meta: ${uid ?? ''}`;
    throw conflict(kind.resource, name, why);
  }
  if (meta.resourceVersion !== undefined && meta.resourceVersion !== resourceVersion) {
    throw conflict(kind.resource, name, STALE);
  }
}

/** Throws Conflict when the object is not the one that is to be deleted. */
export function checkPreconditions(kind: KindDefinition, old: StoredObject, { preconditions }: DeleteOptions): void {
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

/** How an API server on etcd begins to say that an object is another one. */
function storageError({ resource: { group, plural } }: KindDefinition, { metadata }: StoredObject): string {
  const place = [group, plural, metadata.namespace ?? '', metadata.name].filter((part) => part !== '').join('/');
  return `StorageError: invalid object, Code: 4, Key: /registry/${place}, ResourceVersion: 0, AdditionalErrorMsg: `;
}
