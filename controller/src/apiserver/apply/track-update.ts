import { isRecord, own, type JsonRecord } from '../json.ts';
import { timestamp } from '../schema/date-time.ts';
import type { Schema } from '../schema/structural.ts';
import { noFields, union } from './field-set.ts';
import {
  decodeManagedFields,
  encodeManagedFields,
  epochSeconds,
  identifierOf,
  isReset,
  type ManagedFieldsEntry,
  type Manager,
  type Managers,
} from './managed-fields.ts';
import { objectType } from './object-type.ts';
import {
  ignoredFields,
  managedFieldsOf,
  ofVersion,
  ownable,
  takenFields,
  withoutLost,
  withoutManagedFields,
} from './ownership.ts';
import { changedFields, compareTyped, excluding } from './typed-compare.ts';

export interface UpdateRequest {
  /** What is stored; absent of a create. */
  readonly before: JsonRecord | undefined;
  /** What is to be stored, with `metadata.managedFields` as the client gives them. */
  readonly after: JsonRecord;
  /** Empty: `unknown`. */
  readonly manager: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** `foghorn.dev/v1alpha1`. */
  readonly apiVersion: string;
  readonly subresource?: 'status' | undefined;
  readonly schema: Schema;
}

/** Entries of updates that are kept; the oldest beyond are put together, as kube-apiserver does. */
const MAX_UPDATE_MANAGERS = 10;
const OLD_UPDATES = 'ancient-changes';

/**
 * `metadata.managedFields` after a create, an update or a patch: the fields that change become those of `manager`.
 * Entries that the client gives are taken over when they are valid; a list of one empty entry forgets all.
 * Empty: the object has none, and is not tracked until somebody applies.
 */
export function trackUpdate(request: UpdateRequest): readonly ManagedFieldsEntry[] {
  const managers = startingManagers(request);
  const isCreate = uidOf(request.before) === undefined;
  return managers.size === 0 && !isCreate ? [] : encodeManagedFields(updatedManagers(request, managers));
}

/** What the fields that change make of the managers. */
export function updatedManagers(request: UpdateRequest, managers: Managers): Managers {
  const { before, after, apiVersion, subresource } = request;
  const ignored = ignoredFields(subresource);
  const type = objectType(request.schema);
  const comparison = excluding(
    compareTyped(withoutManagedFields(before ?? {}), withoutManagedFields(after), type),
    ignored,
  );
  const known = ofVersion(managers, apiVersion);
  const kept = withoutLost(known, takenFields(known, comparison, undefined), { comparison, self: undefined });
  const gained = ownable(changedFields(comparison), ignored);
  if (gained.size === 0) return capped(kept);
  const name = request.manager === '' ? 'unknown' : request.manager;
  const self: Manager = {
    manager: name,
    operation: 'Update',
    apiVersion,
    subresource,
    time: timestamp(request.now),
    fields: gained,
  };
  const identifier = identifierOf(self);
  const fields = union(kept.get(identifier)?.fields ?? noFields, gained);
  return capped(new Map([...kept, [identifier, { ...self, fields }]]));
}

function startingManagers({ before, after, subresource }: UpdateRequest): Managers {
  const stored = decodeManagedFields(managedFieldsOf(before)) ?? new Map();
  if (subresource !== undefined) return stored;
  const given = managedFieldsOf(after);
  if (isReset(given)) return new Map();
  const decoded = decodeManagedFields(given);
  return decoded === undefined || decoded.size === 0 ? stored : decoded;
}

function capped(managers: Managers): Managers {
  const updates = [...managers]
    .filter(([, { operation }]) => operation === 'Update')
    .sort(
      ([a, { time: aTime }], [b, { time: bTime }]) => epochSeconds(aTime) - epochSeconds(bTime) || (a < b ? -1 : 1),
    );
  const surplus = updates.length - MAX_UPDATE_MANAGERS;
  if (surplus <= 0) return managers;
  const old = updates.slice(0, surplus + 1);
  const kept = new Map(managers);
  for (const [identifier] of old) kept.delete(identifier);
  const [, newest] = old.at(-1) ?? [];
  if (newest === undefined) return managers;
  const { apiVersion, time } = newest;
  const bucket = { manager: OLD_UPDATES, operation: 'Update', apiVersion, time } as const;
  const identifier = identifierOf(bucket);
  const start = kept.get(identifier)?.fields ?? noFields;
  return kept.set(identifier, { ...bucket, fields: old.reduce((all, [, { fields }]) => union(all, fields), start) });
}

function uidOf(object: JsonRecord | undefined): unknown {
  const metadata = object === undefined ? undefined : own(object, 'metadata');
  return isRecord(metadata) ? own(metadata, 'uid') : undefined;
}
