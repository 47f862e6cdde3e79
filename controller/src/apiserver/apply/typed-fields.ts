import { isRecord } from '../json.ts';
import { createFieldSetBuilder, type FieldSet } from './field-set.ts';
import { itemsByElement } from './list-items.ts';
import { fieldType, shapeOf, type ListType, type MapType, type MergeType } from './merge-type.ts';
import { fieldElement, type FieldPath } from './path-element.ts';

/**
 * Every leaf that the value has, every item of its lists, and every entry of its maps without named fields: what
 * somebody owns who applies it.
 */
export function fieldsOf(value: unknown, type: MergeType): FieldSet {
  const builder = createFieldSetBuilder();
  const walk = (part: unknown, partType: MergeType, path: FieldPath): void => {
    const shape = shapeOf(partType, part);
    if (shape.kind === 'scalar') builder.insert(path);
    else if (shape.kind === 'list') walkList(shape.list, part, path);
    else walkMap(shape.map, part, path);
  };
  const walkList = (list: ListType, part: unknown, path: FieldPath): void => {
    if (list.isAtomic) builder.insert(path);
    else if (Array.isArray(part)) {
      for (const [element, same] of itemsByElement(list, part)) {
        const itemPath = [...path, element];
        builder.insert(itemPath);
        // of duplicates none can be told apart, so that only the item as such is owned
        if (same.length === 1) walk(same[0], list.element, itemPath);
      }
    }
  };
  const walkMap = (map: MapType, part: unknown, path: FieldPath): void => {
    if (map.isAtomic) builder.insert(path);
    else if (isRecord(part)) {
      for (const [name, field] of Object.entries(part)) {
        const known = fieldType(map, name);
        const fieldPath = [...path, fieldElement(name)];
        if (known !== undefined) walk(field, known, fieldPath);
        if (field === null || isEmptyMap(field) || !map.fields.has(name)) builder.insert(fieldPath);
      }
    }
  };
  walk(value, type, []);
  return builder.build();
}

/** The set, and with every field that has members below it the field itself, where the schema names it. */
export function withNamedFields(set: FieldSet, type: MergeType | undefined): FieldSet {
  return new Map(
    [...set].map(([element, { isMember, children }]) => {
      const name = element.startsWith('f:') ? element.slice(2) : undefined;
      const isNamed = name !== undefined && type?.map?.fields.has(name) === true;
      return [
        element,
        {
          isMember: isMember || (children.size > 0 && isNamed),
          children: withNamedFields(children, typeBelow(type, element, name)),
        },
      ];
    }),
  );
}

function typeBelow(type: MergeType | undefined, element: string, name: string | undefined): MergeType | undefined {
  if (name !== undefined) return type?.map === undefined ? undefined : fieldType(type.map, name);
  return element.startsWith('k:') ? type?.list?.element : undefined;
}

function isEmptyMap(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
