/**
 * Answers as they come over one connection, in whatever pieces: how many bytes of body, where an answer ends, and whether another may
 * follow. Bodies are counted and dropped.
 */
import { parseHead, parseKeptIdleMs, ProtocolError } from './response-head.ts';

export interface ResponseReader {
  /** Before each request. @param hasNoBody the answer to HEAD has none, whatever its headers say */
  expect(hasNoBody: boolean): void;
  /** @throws ProtocolError for what is no HTTP/1.1, and for more than was asked for */
  read(chunk: Buffer): Progress;
  /** The other side has ended the connection; true when that is the end of the answer. */
  end(): boolean;
  status(): number | undefined;
  bodyBytes(): number;
  /** How long the server keeps a connection that is idle, as it said with its first answer; undefined before that. */
  keptIdleMs(): number | undefined;
}

/** `kept`: whole, and the connection may carry another; `last`: whole, and it may not. */
export type Progress = 'more' | 'kept' | 'last';

/** As Node's own parser allows. */
const MAX_HEAD_BYTES = 16_384;
/** Of the line before a chunk, with its extensions. */
const MAX_CHUNK_LINE_BYTES = 256;

type State = 'head' | 'counted' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailer' | 'until-end' | 'done';

/** Changed in place: it is on the path of every request. */
interface Reading {
  state: State;
  hasNoBody: boolean;
  isLast: boolean;
  status: number | undefined;
  bytes: number;
  /** Of the body or of the chunk, still to come. */
  left: number;
  /** Of a head or a line that came in pieces. */
  piece: Buffer | undefined;
  keptIdleMs: number | undefined;
}

export function createResponseReader(): ResponseReader {
  const reading: Reading = {
    state: 'done',
    hasNoBody: false,
    isLast: false,
    status: undefined,
    bytes: 0,
    left: 0,
    piece: undefined,
    keptIdleMs: undefined,
  };
  return {
    expect(hasNoBody) {
      reading.state = 'head';
      reading.hasNoBody = hasNoBody;
      reading.isLast = false;
      reading.status = undefined;
      reading.bytes = 0;
      reading.piece = undefined;
    },
    read(chunk) {
      let from: number | undefined = 0;
      do from = steps[reading.state](reading, chunk, from);
      while (from !== undefined && from < chunk.length);
      if (reading.state !== 'done') return 'more';
      return reading.isLast ? 'last' : 'kept';
    },
    end() {
      if (reading.state !== 'until-end') return false;
      reading.state = 'done';
      return true;
    },
    status: () => reading.status,
    bodyBytes: () => reading.bytes,
    keptIdleMs: () => reading.keptIdleMs,
  };
}

/** Reads on from a place in the chunk; gives where the rest begins, undefined when more must come. */
type Step = (reading: Reading, chunk: Buffer, from: number) => number | undefined;

const steps: Readonly<Record<State, Step>> = {
  head: (reading, chunk, from) => {
    const head = take(reading, chunk.subarray(from), { end: '\r\n\r\n', most: MAX_HEAD_BYTES });
    if (head !== undefined) begin(reading, head.text);
    return head && from + head.next;
  },
  'chunk-line': (reading, chunk, from) => {
    const line = take(reading, chunk.subarray(from), { end: '\r\n', most: MAX_CHUNK_LINE_BYTES });
    if (line !== undefined) beginChunk(reading, line.text);
    return line && from + line.next;
  },
  'chunk-end': (reading, chunk, from) => {
    const line = take(reading, chunk.subarray(from), { end: '\r\n', most: 0 });
    if (line !== undefined) reading.state = 'chunk-line';
    return line && from + line.next;
  },
  trailer: (reading, chunk, from) => {
    const line = take(reading, chunk.subarray(from), { end: '\r\n', most: MAX_HEAD_BYTES });
    if (line?.text === '') reading.state = 'done';
    return line && from + line.next;
  },
  counted: (reading, chunk, from) => count(reading, chunk.length - from, 'done') + from,
  chunk: (reading, chunk, from) => count(reading, chunk.length - from, 'chunk-end') + from,
  'until-end': (reading, chunk, from) => {
    reading.bytes += chunk.length - from;
    return chunk.length;
  },
  done: () => {
    throw new ProtocolError('more than was asked for');
  },
};

/** The next line or head, without its end, and where in the chunk the rest begins; undefined until all of it is there. */
function take(
  reading: Reading,
  chunk: Buffer,
  { end, most }: { readonly end: string; readonly most: number },
): { readonly text: string; readonly next: number } | undefined {
  const before = reading.piece?.length ?? 0;
  const data = reading.piece === undefined ? chunk : Buffer.concat([reading.piece, chunk]);
  const at = data.indexOf(end, 0, 'latin1');
  // The last bytes may be the beginning of the end.
  if ((at < 0 ? data.length - end.length + 1 : at) > most)
    throw new ProtocolError('a head or a chunk line is too long');
  reading.piece = at < 0 ? data : undefined;
  return at < 0 ? undefined : { text: data.toString('latin1', 0, at), next: at + end.length - before };
}

function begin(reading: Reading, text: string): void {
  const head = parseHead(text, reading.hasNoBody);
  // The real answer follows.
  if (head.kind === 'interim') return;
  reading.keptIdleMs ??= parseKeptIdleMs(text);
  reading.status = head.status;
  reading.isLast = head.isLast;
  if (head.body === 'chunked') reading.state = 'chunk-line';
  else if (head.body === 'until-end') reading.state = 'until-end';
  else {
    reading.left = head.body;
    reading.state = head.body === 0 ? 'done' : 'counted';
  }
}

function beginChunk(reading: Reading, text: string): void {
  const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;|$)/.exec(text)?.[1];
  if (size === undefined) throw new ProtocolError('no size of a chunk');
  reading.left = Number.parseInt(size, 16);
  reading.state = reading.left === 0 ? 'trailer' : 'chunk';
}

function count(reading: Reading, available: number, after: State): number {
  const taken = Math.min(reading.left, available);
  reading.left -= taken;
  reading.bytes += taken;
  if (reading.left === 0) reading.state = after;
  return taken;
}
