import { isRecord } from '../json.ts';
import type { Schema } from './structural.ts';

/** Words that a CEL expression cannot name a field by; it writes `__for__`. */
const reserved = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);

/** A JSON value as CEL sees it by its schema: integers as int, times as timestamp, objects as maps. */
export function toCel(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => toCel(item, schema?.items));
  if (isRecord(value)) {
    return new Map(
      Object.entries(value).map(([key, field]) => {
        const property = schema?.properties.get(key);
        return property === undefined
          ? [key, toCel(field, schema?.additionalProperties)]
          : [escapeName(key), toCel(field, property)];
      }),
    );
  }
  if (schema?.format === 'date-time' && typeof value === 'string') return new Date(value);
  const isInteger = typeof value === 'number' && Number.isSafeInteger(value) && schema?.type !== 'number';
  return isInteger ? BigInt(value) : value;
}

/** A property name as a Kubernetes CEL expression writes it. */
export function escapeName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}
