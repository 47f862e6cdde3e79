import { isRecord, own, type JsonRecord } from '../json.ts';
import { difference, union, type FieldSet } from './field-set.ts';
import { goJson } from './go-text.ts';
import type { MergeType } from './merge-type.ts';
import { compareTyped } from './typed-compare.ts';
import { typedFaults } from './typed-faults.ts';
import { fieldsOf } from './typed-fields.ts';
import { withoutManagedFields } from './ownership.ts';

/** What client-side apply keeps of the last applied configuration, so that it sees what was taken out of it. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** The manager of `kubectl apply --server-side`, which goes on where client-side apply left off. */
export const KUBECTL = 'kubectl';

/** Fields that client-side apply wrote and nobody changed since: server-side apply may take these over. */
export function fieldsOfLastApplied(live: JsonRecord, type: MergeType, apiVersion: string): FieldSet | undefined {
  const text = lastApplied(live);
  const applied = text === undefined ? undefined : parse(text);
  if (!isRecord(applied) || own(applied, 'apiVersion') !== apiVersion) return undefined;
  if (typedFaults(applied, type, 'refused').length > 0) return undefined;
  const { added, modified, removed } = compareTyped(applied, withoutManagedFields(live), type);
  return difference(fieldsOf(applied, type), union(union(added, modified), removed));
}

/** The object with its annotation brought up to what was just applied, when it has the annotation. */
export function withLastApplied(object: JsonRecord, applied: JsonRecord): JsonRecord {
  if (lastApplied(object) === undefined) return object;
  const text = `${goJson(withoutAnnotation(applied))}\n`;
  return withAnnotations(object, (annotations) => [
    ...annotations.filter(([name]) => name !== LAST_APPLIED),
    [LAST_APPLIED, text],
  ]);
}

function withoutAnnotation(object: JsonRecord): JsonRecord {
  return withAnnotations(object, (annotations) => annotations.filter(([name]) => name !== LAST_APPLIED));
}

function withAnnotations(
  object: JsonRecord,
  change: (annotations: readonly [string, unknown][]) => readonly [string, unknown][],
): JsonRecord {
  const metadata = own(object, 'metadata');
  const annotations = isRecord(metadata) ? own(metadata, 'annotations') : undefined;
  if (!isRecord(metadata) || !isRecord(annotations)) return object;
  const changed = Object.fromEntries(change(Object.entries(annotations)));
  return { ...object, metadata: { ...metadata, annotations: changed } };
}

function lastApplied(object: JsonRecord): string | undefined {
  const metadata = own(object, 'metadata');
  const annotations = isRecord(metadata) ? own(metadata, 'annotations') : undefined;
  const text = isRecord(annotations) ? own(annotations, LAST_APPLIED) : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // somebody else's annotation: nothing to go on
    return undefined;
  }
}
