import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../kube/client.ts';
import type { ManagedFieldsEntry } from './apply/managed-fields.ts';
import { trackUpdate } from './apply/track-update.ts';
import { isRecord, type JsonRecord } from './json.ts';
import type { KindDefinition } from './kind.ts';
import type { StoredObject } from './metadata.ts';
import type { Part } from './operations.ts';

export interface TrackedWrite {
  readonly before: StoredObject | undefined;
  /** As the client wants it. */
  readonly after: StoredObject;
  readonly manager: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly part: Part;
}

/** The object, with the fields that the write changes as those of its manager. */
export function managed(kind: KindDefinition, next: StoredObject, write: TrackedWrite): StoredObject {
  const { before, after, manager, now, part } = write;
  const entries = trackUpdate({
    before: before === undefined ? kind.zero : asRecord(before),
    after: asRecord(after),
    manager,
    now,
    apiVersion: apiVersionOf(kind.resource),
    subresource: part === 'status' ? 'status' : undefined,
    schema: kind.schema,
  });
  return withManagedFields(next, entries);
}

/** Without any the object has no such field. */
export function withManagedFields(object: StoredObject, entries: readonly ManagedFieldsEntry[]): StoredObject {
  const { managedFields: _old, ...metadata } = object.metadata;
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

/** The stored object when they differ in nothing but times of managers, so that a write without effect is none. */
export function withStoredTimes(next: StoredObject, old: StoredObject): StoredObject {
  return isDeepStrictEqual(withoutTimes(next), withoutTimes(old)) ? old : next;
}

/** `foghorn.dev/v1alpha1`; of the core group just `v1`. */
export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** A stored object as the JSON that it is. */
export function asRecord(object: StoredObject): JsonRecord {
  return { ...object };
}

function withoutTimes(object: StoredObject): unknown {
  const entries = (object.metadata.managedFields ?? []).map((entry) => {
    if (!isRecord(entry)) return entry;
    const { time: _time, ...rest } = entry;
    return rest;
  });
  return { ...object, metadata: { ...object.metadata, managedFields: entries } };
}
