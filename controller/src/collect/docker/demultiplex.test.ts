import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogChunk } from '../../model/container.ts';
import { demultiplex } from './demultiplex.ts';

function frame(stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function* inPieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array, void> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [index, from] of places.entries()) yield bytes.subarray(from, places[index + 1] ?? bytes.length);
}

async function collected(chunks: AsyncIterable<LogChunk>): Promise<Readonly<Record<LogChunk['stream'], string>>> {
  const parts: Record<LogChunk['stream'], Buffer[]> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of chunks) parts[stream].push(Buffer.from(bytes));
  return { stdout: Buffer.concat(parts.stdout).toString('hex'), stderr: Buffer.concat(parts.stderr).toString('hex') };
}

describe('demultiplex', () => {
  it('gives back both streams, wherever the pieces are cut', async () => {
    const written = fc.array(fc.record({ isError: fc.boolean(), payload: fc.uint8Array({ maxLength: 40 }) }));
    await fc.assert(
      fc.asyncProperty(written, fc.array(fc.nat()), async (frames, cuts) => {
        const sent = Buffer.concat(frames.map(({ isError, payload }) => frame(isError ? 2 : 1, payload)));
        const of = (isError: boolean): string =>
          Buffer.concat(frames.filter((one) => one.isError === isError).map(({ payload }) => payload)).toString('hex');
        expect(await collected(demultiplex(inPieces(sent, cuts)))).toEqual({ stdout: of(false), stderr: of(true) });
      }),
    );
  });

  it('hands on a long frame as it comes', async () => {
    const long = frame(1, Buffer.alloc(1000, 'x'));
    const chunks = demultiplex(inPieces(long.subarray(0, 500), [100]));
    expect((await chunks.next()).value?.bytes).toHaveLength(92);
  });

  it.each([
    ['text without frames', Buffer.from('hello, world')],
    ['a stream that does not exist', frame(4, Buffer.from('x'))],
    ['a header with something in its zeros', Buffer.from([1, 9, 0, 0, 0, 0, 0, 1, 120])],
  ])('refuses %s', async (_, bytes) => {
    await expect(collected(demultiplex(inPieces(bytes, [])))).rejects.toThrow('not in frames');
  });
});
