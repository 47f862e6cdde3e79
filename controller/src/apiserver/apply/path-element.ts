import { isRecord, type JsonRecord } from '../json.ts';
import { goJson } from './go-text.ts';

/**
 * One step of the path to a field, as FieldsV1 writes it: `f:spec` a field, `k:{"name":"ops"}` the item of a map list
 * with that key, `v:"prod"` the item of a set, `i:0` an item by its place.
 */
export type PathElement = string;

/** From the root to a field. */
export type FieldPath = readonly PathElement[];

/** What a key of FieldsV1 is; `unknown` is a kind that a later version may know. */
export type ParsedElement = { readonly element: PathElement } | 'unknown' | 'none';

const letters = 'fkvi';

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

export function keyElement(key: JsonRecord): PathElement {
  return `k:${goJson(key)}`;
}

export function valueElement(value: unknown): PathElement {
  return `v:${goJson(value)}`;
}

/** The name of the field; undefined for an item of a list. */
export function fieldNameOf(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/** Reads a key of FieldsV1 into its one spelling. */
export function parseElement(text: string): ParsedElement {
  if (text.length < 2 || text[1] !== ':') return 'none';
  const rest = text.slice(2);
  switch (text[0]) {
    case 'f':
      return { element: text };
    case 'k': {
      const key = parseJson(rest);
      return isRecord(key) ? { element: keyElement(key) } : 'none';
    }
    case 'v': {
      const value = parseJson(rest);
      return value === undefined ? 'none' : { element: valueElement(value) };
    }
    case 'i':
      return /^-?\d{1,15}$/.test(rest) ? { element: `i:${Number(rest)}` } : 'none';
    default:
      return 'unknown';
  }
}

/** The path as messages show it: `.spec.notify[name="ops"].channel`. */
export function showPath(path: FieldPath): string {
  return path.map(showElement).join('');
}

export function showElement(element: PathElement): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${rest}`;
    case 'k': {
      const key = parseJson(rest);
      const parts = isRecord(key) ? Object.entries(key).map(([name, value]) => `${name}=${JSON.stringify(value)}`) : [];
      return `[${parts.join(',')}]`;
    }
    case 'v':
      return `[=${JSON.stringify(parseJson(rest))}]`;
    default:
      return `[${rest}]`;
  }
}

/** Fields, then items by key, by value, by place. */
export function compareElements(a: PathElement, b: PathElement): number {
  const kinds = letters.indexOf(a.slice(0, 1)) - letters.indexOf(b.slice(0, 1));
  if (kinds !== 0 || a === b) return kinds;
  return a < b ? -1 : 1;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // no JSON: the caller refuses it
    return undefined;
  }
}
