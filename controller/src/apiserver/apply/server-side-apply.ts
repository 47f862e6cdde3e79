import { isDeepStrictEqual } from 'node:util';
import { badRequest, invalidOptions, requiredValue, StatusError } from '../../kube/status.ts';
import { copyJson, isRecord, own, type JsonRecord } from '../json.ts';
import { timestamp } from '../schema/date-time.ts';
import type { Schema } from '../schema/structural.ts';
import { applyConflict } from './conflicts.ts';
import { fieldSetOf, hasPath, noFields, pathsOf, recursiveDifference, type FieldSet } from './field-set.ts';
import { fieldsOfLastApplied, KUBECTL, withLastApplied } from './last-applied.ts';
import {
  decodeManagedFields,
  encodeManagedFields,
  identifierOf,
  type ManagedFieldsEntry,
  type Manager,
  type Managers,
} from './managed-fields.ts';
import type { MergeType } from './merge-type.ts';
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
import { removeAbandoned } from './abandoned.ts';
import { updatedManagers } from './track-update.ts';
import { compareTyped, excluding } from './typed-compare.ts';
import { typedFaults, type Duplicates } from './typed-faults.ts';
import { fieldsOf } from './typed-fields.ts';
import { mergeTyped } from './typed-merge.ts';

export interface ApplyRequest {
  /** What is stored; absent when the apply creates it. */
  readonly live: JsonRecord | undefined;
  /** The configuration, as it was sent: `apiVersion` and `kind` are those of the kind. */
  readonly applied: unknown;
  /** Required; without it the request is refused. */
  readonly manager: string | undefined;
  /** Takes over what others own, instead of a conflict. */
  readonly force: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  /** `foghorn.dev/v1alpha1`. */
  readonly apiVersion: string;
  readonly subresource?: 'status' | undefined;
  readonly schema: Schema;
}

export interface Applied {
  /** The merged object, without managedFields; defaults are not filled in yet. */
  readonly object: JsonRecord;
  readonly managedFields: readonly ManagedFieldsEntry[];
}

const BEFORE_FIRST_APPLY = 'before-first-apply';
/** Faults that one answer tells of. */
const MAX_FAULTS = 100;

/**
 * Server-side apply, by the rules of structured-merge-diff: what is applied is laid over the live object and belongs
 * to the manager; what it applied before, does not apply now, and nobody else owns is taken away.
 * Throws StatusErrors: 409 with a cause for each field that others own and that would change, 422 without a manager,
 * 400 with managedFields in the configuration, and, as a real server has it, 500 for what the schema does not know.
 */
export function serverSideApply(request: ApplyRequest): Applied {
  if (request.manager === undefined || request.manager === '') {
    throw invalidOptions('PatchOptions', [requiredValue('fieldManager', 'is required for apply patch')]);
  }
  const applied = copyJson(request.applied);
  if (!isRecord(applied)) throw badRequest('error decoding YAML: the configuration is not an object');
  if (Array.isArray(managedFieldsOf(applied))) throw badRequest('metadata.managedFields must be nil');
  const type = objectType(request.schema);
  checkTyped('patch', applied, type, 'refused');
  const live = withoutManagedFields(request.live ?? identityOf(applied));
  checkTyped('live', live, type, 'allowed');
  const context = { ...request, manager: request.manager, applied, live, type };
  const managers = ofVersion(liveManagers(context, request.live), request.apiVersion);
  const merged = merge(context, managers);
  return request.manager === KUBECTL ? { ...merged, object: withLastApplied(merged.object, applied) } : merged;
}

interface Context extends ApplyRequest {
  readonly manager: string;
  readonly applied: JsonRecord;
  readonly live: JsonRecord;
  readonly type: MergeType;
}

function merge(context: Context, managers: Managers): Applied {
  const { live, applied, type, apiVersion, subresource, now } = context;
  const ignored = ignoredFields(subresource);
  const self: Manager = {
    manager: context.manager,
    operation: 'Apply',
    apiVersion,
    subresource,
    // with name and the like, which hold metadata in its place while it is pruned
    fields: recursiveDifference(fieldsOf(applied, type), ignored),
  };
  const identifier = identifierOf(self);
  const last = managers.get(identifier);
  const claimed = new Map([...managers, [identifier, self]]);
  const laid = mergeTyped(live, applied, type);
  const object = removeAbandoned(laid, { last: last?.fields ?? noFields, managers: claimed, type });
  const comparison = excluding(compareTyped(live, object, type), ignored);
  const taken = takenFields(claimed, comparison, identifier);
  checkConflicts(context, claimed, taken);
  const kept = withoutLost(claimed, taken, { comparison, self: identifier });
  const isChanged = !isDeepStrictEqual(object, live);
  const mine = ownable(self.fields, ignored);
  const time = isChanged ? timestamp(now) : last?.time;
  if (mine.size === 0) kept.delete(identifier);
  else kept.set(identifier, { ...self, fields: mine, time });
  return { object: isChanged && isRecord(object) ? object : live, managedFields: encodeManagedFields(kept) };
}

/** Whoever wrote before the first apply owns what stands there. */
function liveManagers(context: Context, live: JsonRecord | undefined): Managers {
  const managers = decodeManagedFields(managedFieldsOf(live)) ?? new Map<string, Manager>();
  if (managers.size > 0 || live === undefined) return managers;
  const { now, apiVersion, subresource, schema } = context;
  const update = { before: undefined, after: live, manager: BEFORE_FIRST_APPLY, now, apiVersion, subresource, schema };
  return updatedManagers(update, managers);
}

function checkConflicts(context: Context, managers: Managers, taken: ReadonlyMap<string, FieldSet>): void {
  if (context.force || taken.size === 0) return;
  const allowed =
    context.manager === KUBECTL ? fieldsOfLastApplied(context.live, context.type, context.apiVersion) : undefined;
  if (allowed === undefined) throw applyConflict(managers, taken);
  const refused = [...taken].flatMap(([identifier, fields]): [string, FieldSet][] => {
    const left = fieldSetOf(...pathsOf(fields).filter((path) => !hasPath(allowed, path)));
    return left.size === 0 ? [] : [[identifier, left]];
  });
  if (refused.length > 0) throw applyConflict(managers, new Map(refused));
}

function identityOf(applied: JsonRecord): JsonRecord {
  return Object.fromEntries(['apiVersion', 'kind'].map((field) => [field, own(applied, field)]));
}

function checkTyped(what: 'patch' | 'live', object: JsonRecord, type: MergeType, duplicates: Duplicates): void {
  const faults = typedFaults(object, type, duplicates).slice(0, MAX_FAULTS);
  if (faults.length === 0) return;
  const text = faults.length === 1 ? faults[0] : `errors:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  const message = `failed to create typed ${what} object (${describe(object)}): ${text}`;
  // a real server has no reason and the code of a fault of its own here
  throw new StatusError('BadRequest', { message, code: 500 });
}

function describe(object: JsonRecord): string {
  const metadata = own(object, 'metadata');
  const identity = `${textField(metadata, 'namespace')}/${textField(metadata, 'name')}`;
  return `${identity}; ${textField(object, 'apiVersion')}, Kind=${textField(object, 'kind')}`;
}

function textField(record: unknown, name: string): string {
  const value = isRecord(record) ? own(record, name) : undefined;
  return typeof value === 'string' ? value : '';
}
