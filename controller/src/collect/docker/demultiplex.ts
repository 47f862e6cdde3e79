import type { LogChunk } from '../../model/container.ts';
import { EngineError } from './failure.ts';

const HEADER_BYTES = 8;
/** First byte of a header: 0 is stdin, which is never sent; 3 is what the engine itself says, of newer ones. */
const STREAMS: Readonly<Record<number, LogChunk['stream']>> = { 1: 'stdout', 2: 'stderr', 3: 'stderr' };

/**
 * Takes the frames of an attached container apart: a header of 8 bytes (stream, three zeros, length in big-endian),
 * then so many bytes. A frame is handed on piece by piece as it comes, so that none is ever held as a whole.
 * Throws EngineError for anything else. Source: Docker Engine API, "Stream format" of container attach.
 */
export async function* demultiplex(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk, void> {
  const take = createFrameReader();
  for await (const piece of pieces) yield* take(piece);
}

function createFrameReader(): (piece: Uint8Array) => Generator<LogChunk, void> {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerBytes = 0;
  let payloadBytes = 0;
  let stream: LogChunk['stream'] = 'stdout';

  /** Takes what is still missing of the header; gives how much that was. */
  function takeHeader(rest: Uint8Array): number {
    const part = rest.subarray(0, HEADER_BYTES - headerBytes);
    header.set(part, headerBytes);
    headerBytes += part.length;
    if (headerBytes === HEADER_BYTES) {
      headerBytes = 0;
      payloadBytes = header.readUInt32BE(4);
      stream = streamOf(header);
    }
    return part.length;
  }

  return function* take(piece) {
    let at = 0;
    while (at < piece.length) {
      if (payloadBytes === 0) {
        at += takeHeader(piece.subarray(at));
      } else {
        const bytes = piece.subarray(at, at + payloadBytes);
        at += bytes.length;
        payloadBytes -= bytes.length;
        yield { stream, bytes };
      }
    }
  };
}

function streamOf(header: Buffer): LogChunk['stream'] {
  const stream = STREAMS[header[0] ?? 0];
  const isPadded = header[1] === 0 && header[2] === 0 && header[3] === 0;
  if (stream === undefined || !isPadded) throw new EngineError('BadAnswer', 'the log is not in frames');
  return stream;
}
