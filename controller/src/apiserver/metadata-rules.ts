import { invalidValue, requiredValue, type FieldError } from '../kube/status.ts';
import type { StoredMeta } from './metadata.ts';
import { dnsLabelFaults, labelValueFaults, qualifiedNameFaults, subdomainFaults } from './names.ts';

/** Bytes of all annotations together, as Kubernetes bounds them. */
const MAX_ANNOTATION_BYTES = 256 * 1024;
/** Owners and finalizers of one object; more would make every deletion slow. */
const MAX_REFERENCES = 100;

/** What is wrong with the metadata of an object that is to be stored. */
export function metaErrors(meta: StoredMeta): readonly FieldError[] {
  return [
    ...nameErrors(meta),
    ...labelErrors(meta),
    ...annotationErrors(meta),
    ...ownerErrors(meta),
    ...finalizerErrors(meta),
  ];
}

/** What is wrong with the change from `old`. */
export function metaChangeErrors(meta: StoredMeta, old: StoredMeta): readonly FieldError[] {
  if (old.deletionTimestamp === undefined) return [];
  const added = (meta.finalizers ?? []).filter((finalizer) => old.finalizers?.includes(finalizer) !== true);
  if (added.length === 0) return [];
  const list = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
  const error: FieldError = { type: 'Forbidden', field: 'metadata.finalizers', message };
  // an API server looks at it twice, and names both causes
  return [error, error];
}

function nameErrors(meta: StoredMeta): readonly FieldError[] {
  // decoded metadata may lack its name
  const name: string | undefined = meta.name;
  if (name === undefined || name === '') return [requiredValue('metadata.name', 'name or generateName is required')];
  const namespace = meta.namespace ?? '';
  return [
    ...subdomainFaults(name).map((fault) => invalidValue('metadata.name', name, fault)),
    ...(namespace === '' ? [] : dnsLabelFaults(namespace)).map((fault) =>
      invalidValue('metadata.namespace', namespace, fault),
    ),
  ];
}

function labelErrors(meta: StoredMeta): readonly FieldError[] {
  return Object.entries(meta.labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameFaults(key).map((fault) => invalidValue('metadata.labels', key, fault)),
    ...labelValueFaults(value).map((fault) => invalidValue('metadata.labels', value, fault)),
  ]);
}

function annotationErrors(meta: StoredMeta): readonly FieldError[] {
  const entries = Object.entries(meta.annotations ?? {});
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  const keys = entries.flatMap(([key]) =>
    qualifiedNameFaults(key.toLowerCase()).map((fault) => invalidValue('metadata.annotations', key, fault)),
  );
  if (bytes <= MAX_ANNOTATION_BYTES) return keys;
  const message = `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`;
  return [...keys, { type: 'TooLong', field: 'metadata.annotations', message }];
}

function ownerErrors(meta: StoredMeta): readonly FieldError[] {
  const owners = meta.ownerReferences ?? [];
  const field = 'metadata.ownerReferences';
  if (owners.length > MAX_REFERENCES) return [tooMany(field, owners.length)];
  return owners.flatMap((owner) => [
    ...(owner.apiVersion === '' ? [invalidValue(`${field}.apiVersion`, '', 'version must not be empty')] : []),
    ...(['kind', 'name', 'uid'] as const)
      .filter((key) => owner[key] === '')
      .map((key) => invalidValue(`${field}.${key}`, '', 'must not be empty')),
  ]);
}

function finalizerErrors(meta: StoredMeta): readonly FieldError[] {
  const finalizers = meta.finalizers ?? [];
  if (finalizers.length > MAX_REFERENCES) return [tooMany('metadata.finalizers', finalizers.length)];
  return finalizers.flatMap((finalizer) =>
    qualifiedNameFaults(finalizer).map((fault) => invalidValue('metadata.finalizers', finalizer, fault)),
  );
}

function tooMany(field: string, count: number): FieldError {
  return { type: 'TooMany', field, message: `Too many: ${count}: must have at most ${MAX_REFERENCES} items` };
}
