import { isRecord, own } from '../json.ts';
import { itemElement } from './list-items.ts';
import { fieldType, shapeOf, type ListType, type MapType, type MergeType } from './merge-type.ts';
import type { PathElement } from './path-element.ts';
import { asList, isLeaf } from './typed-compare.ts';

/** The live value with the applied one laid over it; nothing is taken away. */
export function mergeTyped(live: unknown, applied: unknown, type: MergeType): unknown {
  const shape = shapeOf(type, applied === undefined ? live : applied);
  if (isLeaf(shape, live, applied)) return applied === undefined ? live : applied;
  if (shape.kind === 'map') return mergeMaps(live, applied, shape.map);
  return shape.kind === 'list' ? mergeLists(asList(live), asList(applied), shape.list) : applied;
}

function mergeMaps(live: unknown, applied: unknown, map: MapType): unknown {
  const [base, change] = [isRecord(live) ? live : {}, isRecord(applied) ? applied : {}];
  const names = new Set([...Object.keys(base), ...Object.keys(change)]);
  const merged = [...names].flatMap((name): [string, unknown][] => {
    const known = fieldType(map, name);
    const value =
      known === undefined
        ? (own(change, name) ?? own(base, name))
        : mergeTyped(own(base, name), own(change, name), known);
    return value === undefined ? [] : [[name, value]];
  });
  return merged.length === 0 ? undefined : Object.fromEntries(merged);
}

interface Item {
  readonly element: PathElement;
  readonly item: unknown;
}

/**
 * Items of both lists. Those that both have stand in the order of the applied list; those that only the live list has
 * stay before the common item that they stood before.
 */
function mergeLists(live: readonly unknown[], applied: readonly unknown[], list: ListType): unknown {
  const [lefts, rights] = [itemsOf(list, live), itemsOf(list, applied)];
  const leftBy = firstByElement(lefts);
  const rightBy = firstByElement(rights);
  const shared = rights.filter(({ element }) => leftBy.has(element));
  const merged: unknown[] = [];
  const done = new Set<PathElement>();
  let [left, right, next] = [0, 0, 0];
  while (left < lefts.length || right < rights.length) {
    const [a, b, wanted] = [lefts[left], rights[right], shared[next]?.element];
    const step = stepOf(a, b, { wanted, rightBy, done });
    if (step !== 'takeApplied') left += 1;
    if (step === 'takeLive') merged.push(a?.item);
    if (b === undefined || step === 'takeLive' || step === 'skipLive') continue;
    done.add(b.element);
    merged.push(mergeTyped(leftBy.get(b.element), rightBy.get(b.element), list.element));
    right += 1;
    if (wanted === b.element) next += 1;
  }
  return merged;
}

interface Progress {
  /** The next of the common items in the applied list. */
  readonly wanted: PathElement | undefined;
  readonly rightBy: ReadonlyMap<PathElement, unknown>;
  readonly done: ReadonlySet<PathElement>;
}

/** What comes next, `a` standing next in the live list and `b` in the applied one. */
function stepOf(
  a: Item | undefined,
  b: Item | undefined,
  { wanted, rightBy, done }: Progress,
): 'takeLive' | 'skipLive' | 'takeApplied' | 'takeBoth' {
  if (a === undefined) return 'takeApplied';
  if (!rightBy.has(a.element)) return 'takeLive';
  if (b === undefined) return 'skipLive';
  if (a.element === b.element) return 'takeBoth';
  // both lists have it, but another comes first in the applied one
  if (wanted !== undefined && a.element !== wanted) return 'skipLive';
  return done.has(a.element) ? 'takeBoth' : 'takeApplied';
}

function itemsOf(list: ListType, items: readonly unknown[]): readonly Item[] {
  return items.flatMap((item): Item[] => {
    const found = itemElement(list, item);
    return 'element' in found ? [{ element: found.element, item }] : [];
  });
}

/** Of duplicates none is merged with, as on a real server: they map to null. */
function firstByElement(items: readonly Item[]): ReadonlyMap<PathElement, unknown> {
  const by = new Map<PathElement, unknown>();
  for (const { element, item } of items) by.set(element, by.has(element) ? null : item);
  return by;
}
