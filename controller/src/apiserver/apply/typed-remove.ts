import { isRecord } from '../json.ts';
import { noFields, type FieldSet } from './field-set.ts';
import { itemElement } from './list-items.ts';
import { fieldType, shapeOf, type ListType, type MapType, type MergeType } from './merge-type.ts';
import { fieldElement } from './path-element.ts';

/** The value without the fields and items of the set. What is left without any becomes null, as on a real server. */
export function removeFields(value: unknown, fields: FieldSet, type: MergeType): unknown {
  const shape = shapeOf(type, value);
  if (shape.kind === 'scalar') return value;
  return shape.kind === 'list' ? removeItems(value, fields, shape.list) : removeEntries(value, fields, shape.map);
}

function removeItems(value: unknown, fields: FieldSet, list: ListType): unknown {
  if (!Array.isArray(value) || list.isAtomic) return null;
  const kept = value.flatMap((item: unknown): unknown[] => {
    const found = itemElement(list, item);
    const node = 'element' in found ? fields.get(found.element) : undefined;
    if (node?.isMember === true) return [];
    return [node === undefined ? item : removeFields(item, node.children, list.element)];
  });
  return kept.length === 0 ? null : kept;
}

function removeEntries(value: unknown, fields: FieldSet, map: MapType): unknown {
  if (!isRecord(value) || map.isAtomic) return null;
  const kept = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    const node = fields.get(fieldElement(name)) ?? { isMember: false, children: noFields };
    if (node.isMember) return [];
    const known = fieldType(map, name);
    const isUntouched = node.children.size === 0 || known === undefined;
    return [[name, isUntouched ? field : removeFields(field, node.children, known)]];
  });
  return kept.length === 0 ? null : Object.fromEntries(kept);
}
