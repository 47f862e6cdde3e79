/** Readers of untrusted JSON: each gives a bounded value of the asked kind, whatever was sent. */

type JsonObject = Readonly<Record<string, unknown>>;

/** Longest text taken over from an engine; Docker's own names and references stay far below. */
const MAX_TEXT = 1024;
const MAX_LABELS = 256;
const NANOSECONDS = 1_000_000_000n;

export function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}

/** A counter or size: finite and not negative. Values beyond 2^53 come rounded, which deltas can bear. */
export function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export function texts(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(object(value)).slice(0, MAX_LABELS);
  return Object.fromEntries(entries.map(([key, entry]) => [key.slice(0, MAX_TEXT), text(entry)]));
}

/** Epoch nanoseconds of an RFC 3339 time; undefined for Go's zero time (year 1) and for anything else. */
export function timeNs(value: unknown): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(text(value));
  if (match === null) return undefined;
  const seconds = Date.parse(`${match[1]}${match[3]}`) / 1000;
  if (!Number.isInteger(seconds) || seconds <= 0) return undefined;
  return BigInt(seconds) * NANOSECONDS + BigInt((match[2] ?? '').padEnd(9, '0'));
}

/** Epoch milliseconds of an RFC 3339 time, as {@link timeNs}. */
export function timeMs(value: unknown): number | undefined {
  const ns = timeNs(value);
  return ns === undefined ? undefined : Number(ns / 1_000_000n);
}
