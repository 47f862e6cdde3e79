import type { Fault } from './syntax.ts';

/** Of a line that is longer only the part around the fault is shown. */
const MAX_LINE_CHARS = 120;

/** `line 1, column 8: unknown variable`, with the line itself and a caret under the place. */
export function pointAt(source: string, { offset, message }: Fault): string {
  const at = Math.min(offset, source.length);
  const lineStart = at === 0 ? 0 : source.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = source.indexOf('\n', lineStart);
  const number = source.slice(0, lineStart).split('\n').length;
  const column = at - lineStart;
  const line = source.slice(lineStart, lineEnd < 0 ? source.length : lineEnd).replace(/\p{Cc}/gu, ' ');
  const from = column < MAX_LINE_CHARS ? 0 : column - MAX_LINE_CHARS / 2;
  const shown = line.slice(from, from + MAX_LINE_CHARS);
  return `line ${number}, column ${column + 1}: ${message}\n  ${shown}\n  ${' '.repeat(column - from)}^`;
}
