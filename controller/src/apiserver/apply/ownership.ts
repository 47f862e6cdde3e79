import { isRecord, own, type JsonRecord } from '../json.ts';
import { difference, fieldSetOf, intersection, recursiveDifference, type FieldSet } from './field-set.ts';
import type { Manager, Managers } from './managed-fields.ts';
import { fieldElement } from './path-element.ts';
import { changedFields, type Comparison } from './typed-compare.ts';

/** Fields that nobody owns. */
const neverOwned: FieldSet = fieldSetOf(
  ...['apiVersion', 'kind', 'metadata'].map((name) => [fieldElement(name)]),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', fieldElement(name)]),
);

const status: FieldSet = fieldSetOf(['f:status']);
const allButStatus: FieldSet = fieldSetOf(['f:metadata'], ['f:spec']);

/** What a write leaves as it was, whatever is sent: status by the main way, the rest by the status subresource. */
export function ignoredFields(subresource: string | undefined): FieldSet {
  return subresource === 'status' ? allButStatus : status;
}

/** What of the set can be owned by a write of that kind. */
export function ownable(set: FieldSet, ignored: FieldSet): FieldSet {
  return difference(recursiveDifference(set, ignored), neverOwned);
}

/** What each of the others owns of the fields that change, by identifier. */
export function takenFields(
  managers: Managers,
  comparison: Comparison,
  self: string | undefined,
): Map<string, FieldSet> {
  const changed = changedFields(comparison);
  const taken = new Map<string, FieldSet>();
  for (const [identifier, { fields }] of managers) {
    const owned = identifier === self ? new Map() : intersection(fields, changed);
    if (owned.size > 0) taken.set(identifier, owned);
  }
  return taken;
}

/** The managers without what others take from them and without what is gone; those left with nothing go. */
export function withoutLost(
  managers: Managers,
  taken: ReadonlyMap<string, FieldSet>,
  { comparison, self }: { readonly comparison: Comparison; readonly self: string | undefined },
): Map<string, Manager> {
  const kept = new Map<string, Manager>();
  for (const [identifier, manager] of managers) {
    const lost = taken.get(identifier);
    const left = lost === undefined ? manager.fields : difference(manager.fields, lost);
    const fields = identifier === self ? left : difference(left, comparison.removed);
    if (fields.size > 0) kept.set(identifier, { ...manager, fields });
  }
  return kept;
}

/** Managers of other versions, which this server does not convert, are forgotten. */
export function ofVersion(managers: Managers, apiVersion: string): Managers {
  return new Map([...managers].filter(([, manager]) => manager.apiVersion === apiVersion));
}

/** The object without `metadata.managedFields`. */
export function withoutManagedFields(object: JsonRecord): JsonRecord {
  const metadata = own(object, 'metadata');
  if (!isRecord(metadata) || !Object.hasOwn(metadata, 'managedFields')) return object;
  const kept = Object.entries(metadata).filter(([name]) => name !== 'managedFields');
  return Object.fromEntries(
    Object.entries(object).map(([name, field]) => [name, name === 'metadata' ? Object.fromEntries(kept) : field]),
  );
}

export function managedFieldsOf(object: JsonRecord | undefined): unknown {
  const metadata = object === undefined ? undefined : own(object, 'metadata');
  return isRecord(metadata) ? own(metadata, 'managedFields') : undefined;
}
