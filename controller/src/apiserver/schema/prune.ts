import { isRecord, own } from '../json.ts';
import type { Schema } from './structural.ts';

export interface Pruned {
  readonly value: unknown;
  /** Paths of fields that the schema does not know, in order of the object. */
  readonly unknownFields: readonly string[];
}

/** Takes out what the schema does not know; `apiVersion`, `kind` and `metadata` of the root stay. */
export function prune(object: unknown, schema: Schema): Pruned {
  const unknownFields: string[] = [];
  const walk = (value: unknown, part: Schema, path: string): unknown => {
    if (Array.isArray(value)) {
      const { items } = part;
      return items === undefined ? value : value.map((item, index) => walk(item, items, `${path}[${index}]`));
    }
    if (!isRecord(value) || isFree(part)) return value;
    const kept: [string, unknown][] = [];
    for (const [key, field] of Object.entries(value)) {
      const fieldPath = path === '' ? key : `${path}.${key}`;
      const known = part.properties.get(key) ?? part.additionalProperties;
      if (known !== undefined) kept.push([key, isMeta(path, key) ? field : walk(field, known, fieldPath)]);
      else if (part.preserveUnknownFields || isMeta(path, key)) kept.push([key, field]);
      else unknownFields.push(fieldPath);
    }
    return Object.fromEntries(kept);
  };
  return { value: walk(object, schema, ''), unknownFields };
}

/**
 * Fills in defaults. A null for a field that may not be null counts as not given, as a real server has it.
 */
export function applyDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => applyDefaults(item, items));
  }
  if (!isRecord(value)) return value;
  const given = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    const known = schema.properties.get(key) ?? schema.additionalProperties;
    if (known === undefined) return [[key, field]];
    return field === null && !known.nullable ? [] : [[key, applyDefaults(field, known)]];
  });
  const added = [...schema.properties].flatMap(([key, known]): [string, unknown][] => {
    const present = own(value, key) !== undefined && (own(value, key) !== null || known.nullable);
    return known.hasDefault && !present ? [[key, applyDefaults(structuredClone(known.default), known)]] : [];
  });
  return Object.fromEntries([...given, ...added]);
}

/** A place without a schema of its own keeps everything. */
function isFree(schema: Schema): boolean {
  return schema.preserveUnknownFields && schema.properties.size === 0 && schema.additionalProperties === undefined;
}

function isMeta(path: string, key: string): boolean {
  return path === '' && (key === 'apiVersion' || key === 'kind' || key === 'metadata');
}
