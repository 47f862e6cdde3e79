import { isRecord, own, type JsonRecord } from '../json.ts';
import { isDateTime } from '../schema/date-time.ts';
import { parseFieldsV1, toFieldsV1, type FieldSet } from './field-set.ts';

/** An entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** RFC 3339 in whole seconds; absent of somebody whose apply changed nothing. */
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: JsonRecord;
  readonly subresource?: string;
}

/** Who owns fields: a name, how it wrote, and, of updates, in which version. */
export interface ManagerId {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
}

export interface Manager extends ManagerId {
  readonly time?: string | undefined;
  readonly fields: FieldSet;
}

/** By their identifiers. */
export type Managers = ReadonlyMap<string, Manager>;

/** Longest name of a manager or a subresource that is taken over; Kubernetes bounds them to 128 and 256. */
const MAX_NAME = 256;

/** What tells managers apart. Its text also orders them in messages, so it is spelled as a real server spells it. */
export function identifierOf({ manager, operation, apiVersion, subresource }: ManagerId): string {
  return JSON.stringify({
    ...(manager === '' ? {} : { manager }),
    operation,
    ...(operation === 'Update' ? { apiVersion } : {}),
    ...(subresource === undefined ? {} : { subresource }),
  });
}

/** Reads `metadata.managedFields`; undefined when an entry of it is not valid. */
export function decodeManagedFields(value: unknown): Managers | undefined {
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return undefined;
  const managers = new Map<string, Manager>();
  for (const entry of value) {
    const manager = decodeEntry(entry);
    if (manager === undefined) return undefined;
    managers.set(identifierOf(manager), manager);
  }
  return managers;
}

/** `metadata.managedFields`: those who apply first, then by time and name. */
export function encodeManagedFields(managers: Managers): readonly ManagedFieldsEntry[] {
  return [...managers.values()]
    .sort(compareManagers)
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      ...(manager === '' ? {} : { manager }),
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource === undefined ? {} : { subresource }),
    }));
}

/** Whether the client asks to forget all managers: by a list of one empty entry. */
export function isReset(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 1) return false;
  const [entry]: readonly unknown[] = value;
  return isRecord(entry) && Object.keys(entry).length === 0;
}

export function epochSeconds(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}

function decodeEntry(entry: unknown): Manager | undefined {
  if (!isRecord(entry) || own(entry, 'fieldsType') !== 'FieldsV1') return undefined;
  const [operation, apiVersion] = [own(entry, 'operation'), own(entry, 'apiVersion')];
  const texts = decodeTexts(entry);
  const fields = parseFieldsV1(own(entry, 'fieldsV1') ?? {});
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (typeof apiVersion !== 'string' || apiVersion === '') return undefined;
  if (texts === undefined || fields === undefined) return undefined;
  return { ...texts, operation, apiVersion, fields };
}

function decodeTexts(entry: JsonRecord): Pick<Manager, 'manager' | 'time' | 'subresource'> | undefined {
  const [manager = '', time, subresource] = ['manager', 'time', 'subresource'].map(
    (field) => own(entry, field) ?? undefined,
  );
  if (typeof manager !== 'string' || manager.length > MAX_NAME) return undefined;
  if (time !== undefined && !(typeof time === 'string' && isDateTime(time))) return undefined;
  if (subresource !== undefined && !(typeof subresource === 'string' && subresource.length <= MAX_NAME))
    return undefined;
  return { manager, time, subresource: subresource === '' ? undefined : subresource };
}

function compareManagers(a: Manager, b: Manager): number {
  return (
    compare(a.operation, b.operation) ||
    epochSeconds(a.time) - epochSeconds(b.time) ||
    compare(a.manager, b.manager) ||
    compare(a.apiVersion, b.apiVersion) ||
    compare(a.subresource ?? '', b.subresource ?? '')
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
