import type { CheckProblem } from '../../../answers/policies.ts';

export interface CursorPlace {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export function placeOf(text: string, offset: number): CursorPlace {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** Offset of a place; one past the end of its line is the end of the line. */
export function offsetOf(text: string, { line, column }: CursorPlace): number {
  const lines = text.split('\n');
  const row = Math.min(Math.max(1, line), lines.length) - 1;
  const before = lines.slice(0, row).reduce((sum, other) => sum + other.length + 1, 0);
  return before + Math.min(Math.max(0, column - 1), lines[row]?.length ?? 0);
}

/** The worst problem of each line. */
export function problemsByLine(problems: readonly CheckProblem[]): ReadonlyMap<number, CheckProblem> {
  const byLine = new Map<number, CheckProblem>();
  for (const problem of problems) {
    if (byLine.get(problem.line)?.severity !== 'error') byLine.set(problem.line, problem);
  }
  return byLine;
}
