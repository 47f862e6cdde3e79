import { badRequest, tooLarge } from '../kube/status.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** Largest object that is stored, as etcd bounds it. */
export const MAX_OBJECT_BYTES: number = 1.5 * 1024 * 1024;
/** Deepest nesting; our schemas reach 10, and deeper walks would risk the stack. */
const MAX_DEPTH = 64;
/** Most values in one object: bounds the time of every walk over it. */
const MAX_VALUES = 100_000;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A deep copy of whatever a caller hands in, as JSON has it: own enumerable fields only, undefined ones left out.
 * Throws a StatusError for what JSON cannot say, and for what is too deep or too large to walk.
 */
export function copyJson(value: unknown): unknown {
  let values = 0;
  let bytes = 0;
  const copy = (part: unknown, depth: number): unknown => {
    values += 1;
    bytes += typeof part === 'string' ? part.length : 1;
    if (values > MAX_VALUES || bytes > MAX_OBJECT_BYTES) throw tooLarge(MAX_OBJECT_BYTES);
    if (depth > MAX_DEPTH) throw badRequest(`nested deeper than ${MAX_DEPTH} levels`);
    if (isScalar(part)) return part;
    if (Array.isArray(part)) return part.map((item) => copy(item, depth + 1));
    if (!isPlain(part)) throw badRequest(`not a JSON value: ${typeof part}`);
    // fromEntries defines own fields, so that a field named __proto__ stays a field
    return Object.fromEntries(
      Object.entries(part)
        .filter(([, field]) => field !== undefined)
        .map(([key, field]) => {
          bytes += key.length;
          return [key, copy(field, depth + 1)];
        }),
    );
  };
  return copy(value, 0);
}

/** The bytes that the object takes; throws TooLarge past the bound. */
export function encodeJson(object: unknown): string {
  const text = JSON.stringify(object);
  if (Buffer.byteLength(text) > MAX_OBJECT_BYTES) throw tooLarge(MAX_OBJECT_BYTES);
  return text;
}

/** The field, unless it is inherited. */
export function own(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

function isPlain(value: unknown): value is JsonRecord {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
