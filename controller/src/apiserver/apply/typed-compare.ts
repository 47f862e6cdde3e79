import { isDeepStrictEqual } from 'node:util';
import { isRecord, own } from '../json.ts';
import { createFieldSetBuilder, recursiveDifference, union, type FieldSet, type FieldSetBuilder } from './field-set.ts';
import { itemsByElement } from './list-items.ts';
import { fieldType, shapeOf, type ListType, type MapType, type MergeType, type Shape } from './merge-type.ts';
import { fieldElement, type FieldPath } from './path-element.ts';

/** What became of the fields between two values of one type. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** What stood at a place and what stands there now; `undefined` is a value that is not there, null is one. */
interface Change {
  readonly old: unknown;
  readonly next: unknown;
  readonly path: FieldPath;
}

type Marks = Readonly<Record<keyof Comparison, FieldSetBuilder>>;

export function compareTyped(before: unknown, after: unknown, type: MergeType): Comparison {
  const marks: Marks = {
    added: createFieldSetBuilder(),
    modified: createFieldSetBuilder(),
    removed: createFieldSetBuilder(),
  };
  compareAt({ old: before, next: after, path: [] }, type, marks);
  return { added: marks.added.build(), modified: marks.modified.build(), removed: marks.removed.build() };
}

function compareAt(change: Change, type: MergeType, marks: Marks): void {
  const { old, next } = change;
  for (const shape of shapesOf(old, next, type)) {
    if (isLeaf(shape, old, next)) mark(change, marks);
    else if (shape.kind === 'list') compareLists(change, shape.list, marks);
    else if (shape.kind === 'map') compareMaps(change, shape.map, marks);
    if (old === undefined || next === undefined) mark(change, marks);
  }
}

function mark({ old, next, path }: Change, marks: Marks): void {
  if (old === undefined) marks.added.insert(path);
  else if (next === undefined) marks.removed.insert(path);
  else if (!isDeepStrictEqual(old, next)) marks.modified.insert(path);
}

function compareLists({ old, next, path }: Change, list: ListType, marks: Marks): void {
  const [oldItems, nextItems] = [itemsByElement(list, asList(old)), itemsByElement(list, asList(next))];
  for (const element of new Set([...oldItems.keys(), ...nextItems.keys()])) {
    const items = { old: oldItems.get(element) ?? [], next: nextItems.get(element) ?? [] };
    compareItems({ ...items, path: [...path, element] }, list, marks);
  }
}

/** Items of one identity. Of duplicates none can be told apart, so that the item as such stands for them. */
function compareItems(
  {
    old,
    next,
    path,
  }: { readonly old: readonly unknown[]; readonly next: readonly unknown[]; readonly path: FieldPath },
  list: ListType,
  marks: Marks,
): void {
  const [before, after] = [old.length > 1 ? undefined : old[0], next.length > 1 ? undefined : next[0]];
  if (old.length > 1 && next.length > 1) {
    mark({ old, next, path }, marks);
    return;
  }
  if (before !== undefined || after !== undefined) compareAt({ old: before, next: after, path }, list.element, marks);
  if (old.length > 1) marks.removed.insert(path);
  if (next.length > 1) marks.added.insert(path);
}

function compareMaps({ old, next, path }: Change, map: MapType, marks: Marks): void {
  const [oldMap, nextMap] = [isRecord(old) ? old : {}, isRecord(next) ? next : {}];
  for (const name of new Set([...Object.keys(oldMap), ...Object.keys(nextMap)])) {
    const known = fieldType(map, name);
    const change = { old: own(oldMap, name), next: own(nextMap, name), path: [...path, fieldElement(name)] };
    if (known !== undefined) compareAt(change, known, marks);
  }
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
