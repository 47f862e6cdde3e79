import type { FieldError } from '../../kube/status.ts';
import { isRecord, own, type JsonRecord } from '../json.ts';
import type { Schema } from './structural.ts';

/** Items of sets and keys of map lists that occur twice. */
export function findDuplicates(value: unknown, schema: Schema, path: string = ''): readonly FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    const deeper = items === undefined ? [] : value.flatMap((item, i) => findDuplicates(item, items, `${path}[${i}]`));
    return [...duplicates(value, schema, path), ...deeper];
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const known = schema.properties.get(key) ?? schema.additionalProperties;
    return known === undefined ? [] : findDuplicates(field, known, path === '' ? key : `${path}.${key}`);
  });
}

/** The identity of an item of a map list: its key fields, with their defaults. */
export function mapKey(item: unknown, schema: Schema): JsonRecord {
  const record = isRecord(item) ? item : {};
  const keys = schema.listMapKeys.map((key): [string, unknown] => [
    key,
    own(record, key) ?? schema.items?.properties.get(key)?.default,
  ]);
  return Object.fromEntries(keys.filter(([, value]) => value !== undefined));
}

function duplicates(list: readonly unknown[], schema: Schema, path: string): readonly FieldError[] {
  if (schema.listType !== 'set' && schema.listType !== 'map') return [];
  const seen = new Set<string>();
  return list.flatMap((item, index): FieldError[] => {
    const identity = JSON.stringify(schema.listType === 'map' ? mapKey(item, schema) : item);
    if (seen.has(identity))
      return [{ type: 'Duplicate', field: `${path}[${index}]`, message: `Duplicate value: ${identity}` }];
    seen.add(identity);
    return [];
  });
}
