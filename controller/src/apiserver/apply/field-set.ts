import { isRecord, type JsonRecord } from '../json.ts';
import { compareElements, parseElement, type FieldPath, type PathElement } from './path-element.ts';

/**
 * A set of fields of an object, as a tree. A field can be a member by itself, have members below it, or both; nodes
 * that are neither do not occur.
 */
export type FieldSet = ReadonlyMap<PathElement, FieldNode>;

export interface FieldNode {
  readonly isMember: boolean;
  readonly children: FieldSet;
}

/** A FieldSet in the making. */
export interface FieldSetBuilder {
  /** The root itself cannot be a member. */
  insert(path: FieldPath): void;
  build(): FieldSet;
}

export const noFields: FieldSet = new Map();
const leaf: FieldNode = { isMember: true, children: noFields };

interface MutableNode extends FieldNode {
  isMember: boolean;
  readonly children: Map<PathElement, MutableNode>;
}

export function createFieldSetBuilder(): FieldSetBuilder {
  const root: MutableNode = { isMember: false, children: new Map() };
  return {
    insert(path) {
      let node = root;
      for (const element of path) {
        const child = node.children.get(element) ?? { isMember: false, children: new Map() };
        node.children.set(element, child);
        node = child;
      }
      node.isMember = true;
    },
    build: () => root.children,
  };
}

export function fieldSetOf(...paths: readonly FieldPath[]): FieldSet {
  const builder = createFieldSetBuilder();
  for (const path of paths) builder.insert(path);
  return builder.build();
}

export function hasPath(set: FieldSet, path: FieldPath): boolean {
  let node: FieldNode = { isMember: false, children: set };
  for (const element of path) {
    const child = node.children.get(element);
    if (child === undefined) return false;
    node = child;
  }
  return node.isMember;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0) return b;
  const merged = new Map(a);
  for (const [element, node] of b) {
    const other = a.get(element);
    merged.set(
      element,
      other === undefined
        ? node
        : { isMember: other.isMember || node.isMember, children: union(other.children, node.children) },
    );
  }
  return merged;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (node, other) =>
    other === undefined
      ? undefined
      : { isMember: node.isMember && other.isMember, children: intersection(node.children, other.children) },
  );
}

/** Members of `a` that are not members of `b`. A parent in `b` takes nothing from below it in `a`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (node, other) =>
    other === undefined
      ? node
      : { isMember: node.isMember && !other.isMember, children: difference(node.children, other.children) },
  );
}

/** As difference, but a member of `b` takes all that is below it, too. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (node, other) => {
    if (other === undefined) return node;
    if (other.isMember) return undefined;
    return { isMember: node.isMember, children: recursiveDifference(node.children, other.children) };
  });
}

/** Every member: those of one level, then those below them, in order. */
export function pathsOf(set: FieldSet, prefix: FieldPath = []): readonly FieldPath[] {
  const nodes = inOrder(set);
  return [
    ...nodes.filter(([, node]) => node.isMember).map(([element]) => [...prefix, element]),
    ...nodes.flatMap(([element, node]) => pathsOf(node.children, [...prefix, element])),
  ];
}

/** The set as FieldsV1: `{"f:spec":{".":{},"f:type":{}}}`. */
export function toFieldsV1(set: FieldSet): JsonRecord {
  return Object.fromEntries(
    inOrder(set).map(([element, { isMember, children }]) => {
      const below = toFieldsV1(children);
      return [element, isMember && children.size > 0 ? { '.': {}, ...below } : below];
    }),
  );
}

/** Reads FieldsV1; undefined when it is none. */
export function parseFieldsV1(value: unknown): FieldSet | undefined {
  if (!isRecord(value)) return undefined;
  const set = new Map<PathElement, FieldNode>();
  for (const [key, below] of Object.entries(value)) {
    if (key === '.') continue;
    const parsed = parseElement(key);
    const children = parseFieldsV1(below);
    if (parsed === 'none' || children === undefined || !isRecord(below)) return undefined;
    if (parsed === 'unknown') continue;
    set.set(parsed.element, children.size === 0 ? leaf : { isMember: Object.hasOwn(below, '.'), children });
  }
  return set;
}

function combine(
  a: FieldSet,
  b: FieldSet,
  decide: (node: FieldNode, other: FieldNode | undefined) => FieldNode | undefined,
): FieldSet {
  const kept = new Map<PathElement, FieldNode>();
  for (const [element, node] of a) {
    const next = decide(node, b.get(element));
    if (next !== undefined && (next.isMember || next.children.size > 0)) kept.set(element, next);
  }
  return kept;
}

function inOrder(set: FieldSet): [PathElement, FieldNode][] {
  return [...set].sort(([a], [b]) => compareElements(a, b));
}
