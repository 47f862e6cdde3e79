import { isDeepStrictEqual } from 'node:util';
import { alreadyExists } from '../kube/status.ts';
import { encodeJson } from './json.ts';
import type { KindDefinition } from './kind.ts';
import { withStoredTimes } from './managed.ts';
import type { StoredObject } from './metadata.ts';
import type { ApiDependencies, WriteOptions } from './operations.ts';

/** The last step of every write: judge the object, and store it unless it is a dry run. */
export interface Commit {
  /** Throws AlreadyExists. */
  insert(kind: KindDefinition, object: StoredObject, options: WriteOptions): StoredObject;
  /** What changes nothing is not written; what was marked for deletion and lost its last finalizer goes. */
  replace(kind: KindDefinition, next: StoredObject, old: StoredObject, options: WriteOptions): StoredObject;
  /** Without judging it. */
  put(kind: KindDefinition, next: StoredObject, old: StoredObject | undefined, options: WriteOptions): StoredObject;
}

export function createCommit({ store, admission }: Pick<ApiDependencies, 'store' | 'admission'>): Commit {
  const put: Commit['put'] = (kind, next, old, { dryRun = false }) => {
    encodeJson(next);
    return dryRun ? next : store.put(kind.resource, next, old);
  };
  return {
    put,
    insert(kind, object, options) {
      admission.validate(kind, object, undefined);
      const { name, namespace = '' } = object.metadata;
      if (store.read(kind.resource, namespace, name) !== undefined) throw alreadyExists(kind.resource, name);
      return put(kind, object, undefined, options);
    },
    replace(kind, next, old, options) {
      admission.validate(kind, next, old);
      const settled = withStoredTimes(next, old);
      if (isDeepStrictEqual(settled, old)) return old;
      const { deletionTimestamp, finalizers } = settled.metadata;
      const isDone = deletionTimestamp !== undefined && finalizers === undefined;
      if (!isDone) return put(kind, settled, old, options);
      if (options.dryRun === true) return settled;
      // watchers are told of the last state that was stored
      const { resourceVersion } = store.remove(kind.resource, old).metadata;
      return {
        ...settled,
        metadata: { ...settled.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
      };
    },
  };
}
