import { stripVTControlCharacters } from 'node:util';
import type { LogChunk } from '../model/container.ts';
import type { LogLine } from './answers/container.ts';

/** A line as it came; reading it is left to who shows it, since of a flood of lines most are not shown. */
export interface RawLine {
  readonly stream: LogChunk['stream'];
  readonly bytes: Uint8Array;
}

/** Puts lines together from pieces that begin and end anywhere, of two streams at once. */
export interface LineReader {
  read(chunk: LogChunk): readonly RawLine[];
  /** What is left without an end. */
  rest(): readonly RawLine[];
}

/** A line may be as long as a container likes; the page shows so much of it. */
const MAX_LINE_CHARS = 4000;
/** Bytes of one line that are read at all. */
const MAX_LINE_BYTES = 32_768;
const NEWLINE = 0x0a;

export function createLineReader(): LineReader {
  const pending: Record<LogChunk['stream'], Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };

  return {
    read({ stream, bytes }) {
      const lines: RawLine[] = [];
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        const line = bytes.subarray(from, end);
        const whole = pending[stream].length === 0 ? line : Buffer.concat([pending[stream], line]);
        lines.push({ stream, bytes: whole.subarray(0, MAX_LINE_BYTES) });
        pending[stream] = Buffer.alloc(0);
        from = end + 1;
      }
      const rest = bytes.subarray(from, from + MAX_LINE_BYTES - pending[stream].length);
      if (rest.length > 0) pending[stream] = Buffer.concat([pending[stream], rest]);
      return lines;
    },
    rest: () =>
      (['stdout', 'stderr'] as const).flatMap((stream) => {
        const bytes = pending[stream];
        pending[stream] = Buffer.alloc(0);
        return bytes.length === 0 ? [] : [{ stream, bytes }];
      }),
  };
}

/** For the page: its time, and its text without what could harm one. */
export function lineOf({ stream, bytes }: RawLine): LogLine {
  return { stream, ...timedText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) };
}

/** RFC 3339 with nanoseconds, as engines put it before a line. */
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ?/;

function timedText(line: string): Pick<LogLine, 'at' | 'text'> {
  const found = stamp.exec(line);
  const at = found === null ? Number.NaN : Date.parse(found[1] ?? '');
  if (found === null || Number.isNaN(at)) return { at: null, text: plainLine(line) };
  return { at, text: plainLine(line.slice(found[0].length)) };
}

/** Without escape sequences, control characters and marks that turn the direction of text: hostile output stays in its line. */
export function plainLine(line: string): string {
  const plain = stripVTControlCharacters(line)
    .replaceAll('\t', '    ')
    .replaceAll(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu, '');
  return plain.length > MAX_LINE_CHARS ? `${plain.slice(0, MAX_LINE_CHARS - 1)}…` : plain;
}
