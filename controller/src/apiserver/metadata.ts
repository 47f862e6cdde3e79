import type { KubeObject, ObjectMeta, OwnerReference } from '../kube/client.ts';
import { badRequest } from '../kube/status.ts';
import { isRecord, type JsonRecord } from './json.ts';

/** `metadata` as it was sent, checked for types only. */
export interface DecodedMeta {
  readonly meta: StoredMeta;
  readonly unknownFields: readonly string[];
}

/** With the record of who owns which field, which is kept as it is. */
export interface StoredMeta extends ObjectMeta {
  readonly managedFields?: readonly unknown[];
}

/** An object whose metadata was decoded. */
export interface StoredObject extends KubeObject {
  readonly metadata: StoredMeta;
}

type Wrong = (given: unknown, field: string, type: string) => never;
type Decode = (value: unknown, key: string, wrong: Wrong) => unknown;

const string: Decode = (value, key, wrong) => (typeof value === 'string' ? value : wrong(value, key, 'string'));
const integer: Decode = (value, key, wrong) => (Number.isSafeInteger(value) ? value : wrong(value, key, 'int64'));
const strings: Decode = (value, key, wrong) =>
  Array.isArray(value) ? value.map((item: unknown) => string(item, key, wrong)) : wrong(value, key, '[]string');
const stringMap: Decode = (value, key, wrong) => {
  if (!isRecord(value)) return wrong(value, key, 'map[string]string');
  for (const item of Object.values(value)) string(item, key, wrong);
  return value;
};
const owners: Decode = (value, key, wrong) =>
  Array.isArray(value)
    ? value.map((owner: unknown) => decodeOwner(owner, wrong))
    : wrong(value, key, '[]v1.OwnerReference');
const managed: Decode = (value, key, wrong) =>
  Array.isArray(value) ? value : wrong(value, key, '[]v1.ManagedFieldsEntry');

/** In the order in which they are stored. */
const fields: ReadonlyMap<string, Decode> = new Map([
  ['name', string],
  ['generateName', string],
  ['namespace', string],
  ['uid', string],
  ['resourceVersion', string],
  ['generation', integer],
  ['creationTimestamp', string],
  ['deletionTimestamp', string],
  ['deletionGracePeriodSeconds', integer],
  ['labels', stringMap],
  ['annotations', stringMap],
  ['ownerReferences', owners],
  ['finalizers', strings],
  ['managedFields', managed],
]);

const ownerFields: ReadonlyMap<string, 'string' | 'bool'> = new Map<string, 'string' | 'bool'>([
  ['apiVersion', 'string'],
  ['kind', 'string'],
  ['name', 'string'],
  ['uid', 'string'],
  ['controller', 'bool'],
  ['blockOwnerDeletion', 'bool'],
]);

/**
 * Reads `metadata` of an object. Nulls and empty values count as not given. Throws a StatusError (400) for a value
 * of a wrong type, worded as a Kubernetes API server does for `kind` in `version`.
 */
export function decodeMeta(value: unknown, describe: (fault: string) => string): DecodedMeta {
  const record = value === undefined || value === null ? {} : value;
  const wrong = (given: unknown, field: string, type: string): never => {
    const fault = `json: cannot unmarshal ${jsonType(given)} into Go struct field ObjectMeta.${field} of type ${type}`;
    throw badRequest(describe(fault));
  };
  if (!isRecord(record)) return wrong(record, 'metadata', 'v1.ObjectMeta');
  const unknownFields: string[] = [];
  const meta: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(record)) {
    // no longer filled in by any server, and not kept
    if (key === 'selfLink') continue;
    const decode = fields.get(key);
    if (decode === undefined) unknownFields.push(`metadata.${key}`);
    else if (field !== null && !isEmpty(field)) meta[key] = decode(field, key, wrong);
  }
  // every field was checked against the table above
  return { meta: meta as unknown as StoredMeta, unknownFields };
}

function decodeOwner(value: unknown, wrong: Wrong): OwnerReference {
  if (!isRecord(value)) return wrong(value, 'ownerReferences', 'v1.OwnerReference');
  const owner: Record<string, unknown> = {};
  for (const [key, type] of ownerFields) {
    const field = value[key];
    if (type === 'string') owner[key] = typeof field === 'string' ? field : missing(field, key, wrong);
    else if (typeof field === 'boolean') owner[key] = field;
  }
  return owner as unknown as OwnerReference;
}

function missing(field: unknown, key: string, wrong: Wrong): string {
  return field === undefined || field === null ? '' : wrong(field, `ownerReferences.${key}`, 'string');
}

function isEmpty(value: unknown): boolean {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return true;
  return isRecord(value) && Object.keys(value).length === 0;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The fields of a record in the order of a fixed list, as objects are stored. */
export function inMetaOrder(meta: StoredMeta): StoredMeta {
  const record = meta as unknown as JsonRecord;
  const entries = [...fields.keys()].flatMap((key): [string, unknown][] =>
    record[key] === undefined ? [] : [[key, record[key]]],
  );
  return Object.fromEntries(entries) as unknown as StoredMeta;
}
