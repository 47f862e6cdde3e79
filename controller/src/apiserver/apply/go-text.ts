import { isRecord } from '../json.ts';

/** What Go escapes in JSON though it need not. */
const escaped = /[<>&\u2028\u2029]/;

/** JSON as Go encodes it: keys in order, and <, > and & escaped. Bytes must agree where they become keys or text. */
export function goJson(value: unknown): string {
  const text = JSON.stringify(typeof value === 'object' ? sorted(value) : value);
  if (!escaped.test(text)) return text;
  return text.replace(new RegExp(escaped, 'g'), (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value as Go prints it with %v: `map[a:1 b:[x y]]`. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (!isRecord(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  return `map[${entriesInOrder(value)
    .map(([key, field]) => `${key}:${goValue(field)}`)
    .join(' ')}]`;
}

/** A value as Go prints it with %#v: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isRecord(value)) return JSON.stringify(value);
  return `map[string]interface {}{${entriesInOrder(value)
    .map(([key, field]) => `${JSON.stringify(key)}:${goSyntax(field)}`)
    .join(', ')}}`;
}

/** The Go type that a JSON value is decoded to. */
export function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isRecord(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(entriesInOrder(value).map(([key, field]) => [key, sorted(field)]));
}

function entriesInOrder(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
