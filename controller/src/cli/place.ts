/** A place within a text that stands in a file, both counted from 1. */
export interface Wanted {
  /** The whole file. */
  readonly text: string;
  /** Line of the file where the value begins, or its block indicator. */
  readonly line: number;
  /** The value as YAML gives it. */
  readonly value: string;
  readonly within: { readonly row: number; readonly column: number };
}

/** How far below its key a line of a value may stand. */
const MAX_LINES_BELOW = 200;

/** Where that place is in the file; only the line of the value where its text is written otherwise (escapes, folding). */
export function findPlace({ text, line, value, within }: Wanted): {
  readonly line: number;
  readonly column?: number | undefined;
} {
  const wanted = value.split('\n')[within.row - 1] ?? '';
  const indent = wanted.length - wanted.trimStart().length;
  const needle = wanted.trim();
  const lines = text.split('\n', line + MAX_LINES_BELOW);
  const last = value.includes('\n') ? lines.length : Math.min(lines.length, line + 1);
  if (needle === '') return { line };
  for (let index = line - 1; index < last; index += 1) {
    const at = lines[index]?.indexOf(needle) ?? -1;
    if (at >= 0) return { line: index + 1, column: at + within.column - indent };
  }
  return { line };
}
