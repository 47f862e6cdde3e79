import { FoghornError } from '../errors.ts';

const NEWLINE = 0x0a;

/** The lines of a stream, without empty ones; throws TooLarge for one over the cap, and then reads no further. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string, void> {
  let parts: Uint8Array[] = [];
  let heldBytes = 0;
  const hold = (part: Uint8Array): void => {
    heldBytes += part.length;
    if (heldBytes > maxBytes) throw tooLong(maxBytes);
    parts.push(part);
  };
  const take = (): string => {
    const line = Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    heldBytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      hold(chunk.subarray(from, end));
      from = end + 1;
      const line = take();
      if (line !== '') yield line;
    }
    if (from < chunk.length) hold(chunk.subarray(from));
  }
  // what is left without a newline was cut off with the stream, and comes again
}

/** The whole of a body as text; throws TooLarge past the cap. */
export async function readText(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLong(maxBytes);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

function tooLong(maxBytes: number): FoghornError {
  return new FoghornError('TooLarge', `the API server sent more than ${maxBytes} bytes at a time`);
}
