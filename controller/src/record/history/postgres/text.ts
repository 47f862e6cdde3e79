import { createHash } from 'node:crypto';

/** In UTF-16 units; three bytes each and the hash fit into an entry of an index, which takes 2704 bytes. */
const MAX_KEY_UNITS = 500;
const HASH_DIGITS = 32;

/** Text as a Postgres column takes it: UTF-8 without zero bytes. */
export function columnText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** The same for a column with an index: of what is too long, the beginning and a hash. */
export function keyText(text: string): string {
  const clean = columnText(text);
  if (clean.length <= MAX_KEY_UNITS) return clean;
  const hash = createHash('sha256').update(clean).digest('hex').slice(0, HASH_DIGITS);
  return `${clean.slice(0, MAX_KEY_UNITS).toWellFormed()}#${hash}`;
}
