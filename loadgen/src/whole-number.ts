import { InputError } from './input-error.ts';

/** @throws InputError naming `what` when the text is no whole number within the bounds */
export function parseWhole(what: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InputError(`${what} ${JSON.stringify(text)} is not a whole number from ${min} to ${max}`);
}
