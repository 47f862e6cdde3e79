const PADDED_DIGITS = 12;
const MAX_KNOWN = 20_000;
const known = new Map<string, string>();

/**
 * A text that sorts `web-2` before `web-10` by plain comparison. Names are compared far more often than they
 * appear, so the key of each is kept.
 */
export function naturalKey(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= MAX_KNOWN) known.clear();
  const key = text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(PADDED_DIGITS, '0'));
  known.set(text, key);
  return key;
}
