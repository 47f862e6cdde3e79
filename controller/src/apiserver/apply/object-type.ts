import { own } from '../json.ts';
import type { Schema } from '../schema/structural.ts';
import type { ListType, MapType, MergeType } from './merge-type.ts';
import { objectMetaType } from './object-meta-type.ts';

/** Anything, lists and maps as a whole. */
const untyped: MergeType = {
  scalar: 'untyped',
  list: {
    isAtomic: true,
    keys: [],
    keyDefaults: new Map(),
    get element() {
      return untyped;
    },
  },
  map: {
    isAtomic: true,
    fields: new Map(),
    get element() {
      return untyped;
    },
  },
};

/** Anything, maps field by field. */
const deduced: MergeType = {
  scalar: 'untyped',
  list: { isAtomic: true, keys: [], keyDefaults: new Map(), element: untyped },
  map: {
    isAtomic: false,
    fields: new Map(),
    get element() {
      return deduced;
    },
  },
};

const text: MergeType = { scalar: 'string' };
const types = new WeakMap<Schema, MergeType>();

/** The type of whole objects of a kind: its schema, and `apiVersion`, `kind` and `metadata` as all kinds have them. */
export function objectType(schema: Schema): MergeType {
  const known = types.get(schema);
  if (known !== undefined) return known;
  const { map } = convert(schema, false);
  const fields = new Map(map?.fields);
  for (const [name, type] of [['apiVersion', text] as const, ['kind', text] as const]) fields.set(name, type);
  fields.set('metadata', objectMetaType);
  const type: MergeType = {
    map: { isAtomic: false, fields, ...(map?.element === undefined ? {} : { element: map.element }) },
  };
  types.set(schema, type);
  return type;
}

function convert(schema: Schema, preserves: boolean): MergeType {
  const preservesUnknown = preserves || schema.preserveUnknownFields;
  switch (schema.type) {
    case undefined:
      return { scalar: 'untyped', list: listType(schema, preservesUnknown), map: mapType(schema, preservesUnknown) };
    case 'object':
      return { map: mapType(schema, preservesUnknown) };
    case 'array':
      return { list: listType(schema, preservesUnknown) };
    case 'integer':
    case 'number':
      return { scalar: 'numeric' };
    case 'boolean':
      return { scalar: 'boolean' };
    case 'string':
      return { scalar: ['', 'byte'].includes(schema.format ?? '') ? 'string' : 'untyped' };
    default:
      return { scalar: 'untyped' };
  }
}

function mapType(schema: Schema, preserves: boolean): MapType {
  const element = elementType(schema, preserves);
  return {
    isAtomic: own(schema.raw, 'x-kubernetes-map-type') === 'atomic',
    fields: new Map([...schema.properties].map(([name, part]) => [name, convert(part, preserves)])),
    ...(element === undefined ? {} : { element }),
  };
}

function elementType(schema: Schema, preserves: boolean): MergeType | undefined {
  if (schema.additionalProperties !== undefined) return convert(schema.additionalProperties, preserves);
  const allowed = own(schema.raw, 'additionalProperties');
  if (allowed !== undefined) return allowed === true ? deduced : undefined;
  return preserves || schema.properties.size === 0 ? deduced : undefined;
}

function listType(schema: Schema, preserves: boolean): ListType {
  const { items, listType: kind } = schema;
  const keys = kind === 'map' ? schema.listMapKeys : [];
  const defaults = keys.flatMap((key): [string, unknown][] => {
    const field = items?.properties.get(key);
    return field?.hasDefault === true ? [[key, field.default]] : [];
  });
  return {
    isAtomic: kind !== 'map' && kind !== 'set',
    keys,
    keyDefaults: new Map(defaults),
    element: items === undefined ? untyped : convert(items, preserves),
  };
}
