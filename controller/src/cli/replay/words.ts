const MAX_CELL_CHARS = 48;

/** Names and values are outside text. */
export function cell(text: string, maxChars: number = MAX_CELL_CHARS): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
  return clean.length > maxChars ? `${clean.slice(0, maxChars - 1)}…` : clean;
}

/** `2026-11-22 10:00:00`. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
