import { isRecord, own } from '../json.ts';
import type { ListType } from './merge-type.ts';
import { keyElement, valueElement, type PathElement } from './path-element.ts';

/** Which item of a set or map list this is, or what keeps it from being one, worded as a real server does. */
export type ItemElement = { readonly element: PathElement } | { readonly fault: string };

export function itemElement(type: ListType, item: unknown): ItemElement {
  return type.keys.length === 0 ? setItem(item) : keyedItem(type, item);
}

function keyedItem(type: ListType, item: unknown): ItemElement {
  if (item === null || item === undefined) return { fault: 'associative list with keys may not have a null element' };
  if (!isRecord(item)) return { fault: 'associative list with keys may not have non-map elements' };
  const key = type.keys.flatMap((name): [string, unknown][] => {
    const value = own(item, name) ?? type.keyDefaults.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  if (key.length > 0) return { element: keyElement(Object.fromEntries(key)) };
  const names = `[${type.keys.map((name) => JSON.stringify(name)).join(' ')}]`;
  return {
    fault: `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
  };
}

function setItem(item: unknown): ItemElement {
  if (isRecord(item)) return { fault: "associative list without keys has an element that's a map type" };
  if (Array.isArray(item)) return { fault: 'not supported: associative list with lists as elements' };
  if (item === null || item === undefined) {
    return { fault: "associative list without keys has an element that's an explicit null" };
  }
  return { element: valueElement(item) };
}

/** The items of a set or map list by their identity; items that have none are left out. */
export function itemsByElement(type: ListType, list: readonly unknown[]): ReadonlyMap<PathElement, readonly unknown[]> {
  const items = new Map<PathElement, unknown[]>();
  for (const item of list) {
    const found = itemElement(type, item);
    if (!('element' in found)) continue;
    const same = items.get(found.element);
    if (same === undefined) items.set(found.element, [item]);
    else same.push(item);
  }
  return items;
}
