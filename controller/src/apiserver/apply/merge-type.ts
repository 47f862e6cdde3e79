import { isRecord } from '../json.ts';

/**
 * How values of one place are merged, made from its schema by the rules that a Kubernetes API server has for it
 * (kube-openapi, schemaconv). A place without a type can hold each of the three.
 */
export interface MergeType {
  readonly scalar?: Scalar;
  readonly list?: ListType;
  readonly map?: MapType;
}

/** `untyped`: any scalar. */
export type Scalar = 'numeric' | 'string' | 'boolean' | 'untyped';

export interface ListType {
  /** Owned and replaced as a whole. */
  readonly isAtomic: boolean;
  /** What tells items apart; none: their value (a set). */
  readonly keys: readonly string[];
  readonly keyDefaults: ReadonlyMap<string, unknown>;
  readonly element: MergeType;
}

export interface MapType {
  readonly isAtomic: boolean;
  readonly fields: ReadonlyMap<string, MergeType>;
  /** Of fields without a name in the schema; absent: there are none. */
  readonly element?: MergeType;
}

/** The one of the three that a value is; for a value that fits none, the one that it should have been. */
export type Shape =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'list'; readonly list: ListType }
  | { readonly kind: 'map'; readonly map: MapType };

export function shapeOf(type: MergeType, value: unknown): Shape {
  const { scalar, list, map } = type;
  if (['string', 'number', 'boolean'].includes(typeof value) && scalar !== undefined) return { kind: 'scalar', scalar };
  if (Array.isArray(value) && list !== undefined) return { kind: 'list', list };
  if (map !== undefined) return { kind: 'map', map };
  if (scalar !== undefined && !isRecord(value)) return { kind: 'scalar', scalar };
  return list === undefined ? { kind: 'scalar', scalar: scalar ?? 'untyped' } : { kind: 'list', list };
}

/** The type of a field of a map; undefined when the schema does not know it. */
export function fieldType(map: MapType, name: string): MergeType | undefined {
  return map.fields.get(name) ?? map.element;
}
