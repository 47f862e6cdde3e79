/** A row as `pg` gives it with `rowMode: 'array'`. */
export type SqlRow = readonly unknown[];

/** A column of an integer type; bigint comes as text, and all of ours fit. */
export function numberAt(row: SqlRow | undefined, column: number): number {
  const value = row?.[column];
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new TypeError(`column ${column} holds no number`);
  return number;
}

export function textAt(row: SqlRow, column: number): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
}

export function bytesAt(row: SqlRow, column: number): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`);
  return value;
}

/** An array of numbers as Postgres reads it; `pg` itself quotes each element, which takes ten times as long. */
export function numberArray(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}
