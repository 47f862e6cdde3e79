/** Something wrong in a file of manifests, and where. */
export interface Finding {
  /** As it was named on the command line; `-` is standard input. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; absent when only the line is known. */
  readonly column?: number | undefined;
  readonly severity: 'error' | 'warning';
  /** `spec.rules[2].expr`; absent for what is about a file or document as a whole. */
  readonly field?: string | undefined;
  /** One line. */
  readonly message: string;
  /** The expression and a caret under the place. */
  readonly excerpt?: readonly [source: string, caret: string] | undefined;
}

/** In order of place. */
export function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || (a.column ?? 0) - (b.column ?? 0);
}
