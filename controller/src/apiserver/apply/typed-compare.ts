import { isDeepStrictEqual } from 'node:util';
import { isRecord, own } from '../json.ts';
import { createFieldSetBuilder, recursiveDifference, union, type FieldSet } from './field-set.ts';
import { itemsByElement } from './list-items.ts';
import { fieldType, shapeOf, type ListType, type MapType, type MergeType, type Shape } from './merge-type.ts';
import { fieldElement, type FieldPath } from './path-element.ts';

/** What became of the fields between two values of one type. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** `undefined` is a value that is not there; null is one. */
export function compareTyped(before: unknown, after: unknown, type: MergeType): Comparison {
  const added = createFieldSetBuilder();
  const modified = createFieldSetBuilder();
  const removed = createFieldSetBuilder();
  const mark = (old: unknown, next: unknown, path: FieldPath): void => {
    if (old === undefined) added.insert(path);
    else if (next === undefined) removed.insert(path);
    else if (!isDeepStrictEqual(old, next)) modified.insert(path);
  };
  const walk = (old: unknown, next: unknown, partType: MergeType, path: FieldPath): void => {
    for (const shape of shapesOf(old, next, partType)) {
      if (isLeaf(shape, old, next)) mark(old, next, path);
      else if (shape.kind === 'list') walkList(shape.list, old, next, path);
      else if (shape.kind === 'map') walkMap(shape.map, old, next, path);
      if (old === undefined || next === undefined) mark(old, next, path);
    }
  };
  const walkList = (list: ListType, old: unknown, next: unknown, path: FieldPath): void => {
    const [oldItems, nextItems] = [itemsByElement(list, asList(old)), itemsByElement(list, asList(next))];
    for (const element of new Set([...oldItems.keys(), ...nextItems.keys()])) {
      walkItem(list, [oldItems.get(element) ?? [], nextItems.get(element) ?? []], [...path, element]);
    }
  };
  // of duplicates none can be told apart, so that the item as such stands for them
  const walkItem = (
    list: ListType,
    [old, next]: readonly [readonly unknown[], readonly unknown[]],
    path: FieldPath,
  ): void => {
    if (old.length > 1 && next.length > 1) {
      mark(old, next, path);
      return;
    }
    if (old.length <= 1 && next.length <= 1) walk(old[0], next[0], list.element, path);
    else if (old.length > 1) {
      if (next.length > 0) walk(undefined, next[0], list.element, path);
      removed.insert(path);
    } else {
      if (old.length > 0) walk(old[0], undefined, list.element, path);
      added.insert(path);
    }
  };
  const walkMap = (map: MapType, old: unknown, next: unknown, path: FieldPath): void => {
    const [oldMap, nextMap] = [isRecord(old) ? old : {}, isRecord(next) ? next : {}];
    for (const name of new Set([...Object.keys(oldMap), ...Object.keys(nextMap)])) {
      const known = fieldType(map, name);
      if (known !== undefined) walk(own(oldMap, name), own(nextMap, name), known, [...path, fieldElement(name)]);
    }
  };
  walk(before, after, type, []);
  return { added: added.build(), modified: modified.build(), removed: removed.build() };
}

/** The comparison without what is in or below `fields`. */
export function excluding({ added, modified, removed }: Comparison, fields: FieldSet): Comparison {
  return {
    added: recursiveDifference(added, fields),
    modified: recursiveDifference(modified, fields),
    removed: recursiveDifference(removed, fields),
  };
}

export function changedFields({ added, modified }: Comparison): FieldSet {
  return union(modified, added);
}

/** Whether a place is owned and replaced as a whole, given what stands there. */
export function isLeaf(shape: Shape, old: unknown, next: unknown): boolean {
  if (shape.kind === 'scalar') return true;
  if (shape.kind === 'list') return shape.list.isAtomic || (asList(old).length === 0 && asList(next).length === 0);
  return shape.map.isAtomic || (isWithoutFields(old) && isWithoutFields(next));
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function shapesOf(old: unknown, next: unknown, type: MergeType): readonly Shape[] {
  const [before, after] = [shapeOf(type, old), shapeOf(type, next)];
  if (next === undefined) return [before];
  if (old === undefined || before.kind === after.kind) return [after];
  return [before, after];
}

function isWithoutFields(value: unknown): boolean {
  return !isRecord(value) || Object.keys(value).length === 0;
}
