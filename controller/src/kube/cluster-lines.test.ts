import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFoghornError } from '../errors.ts';
import { readText, splitLines } from './cluster-lines.ts';

async function* chunksOf(parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array, void> {
  for (const part of parts) yield Buffer.from(part);
}

async function all(lines: AsyncIterable<string>): Promise<readonly string[]> {
  return Array.fromAsync(lines);
}

describe('lines of a watch', () => {
  it('are the same however the stream is cut, inside of characters too', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => JSON.stringify(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 10 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        async (lines, sizes) => {
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
          const parts: Uint8Array[] = [];
          for (let at = 0; at < bytes.length;) {
            const size = sizes.next().value ?? 1;
            parts.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(await all(splitLines(chunksOf(parts), 10_000))).toEqual(lines);
        },
      ),
    );
  });

  it.each([
    ['empty lines', ['a\n\n\r\nb\n'], ['a', 'b']],
    ['what was cut off with the stream', ['a\nb'], ['a']],
    ['nothing', [], []],
  ])('leave out %s', async (_name, parts, expected) => {
    expect(await all(splitLines(chunksOf(parts), 10))).toEqual(expected);
  });

  it('may be as long as the cap, and no longer, whether the end of the line has come or not', async () => {
    expect(await all(splitLines(chunksOf(['aaaa', 'a\n', 'bbbbb\n']), 5))).toEqual(['aaaaa', 'bbbbb']);
    for (const parts of [['aaaaaa\n'], ['aaaa', 'aa']]) {
      const fault: unknown = await all(splitLines(chunksOf(parts), 5)).catch((thrown: unknown) => thrown);
      expect(isFoghornError(fault, 'TooLarge')).toBe(true);
    }
  });
});

describe('the text of an answer', () => {
  it('is read up to the cap', async () => {
    expect(await readText(chunksOf(['ab', 'c']), 3)).toBe('abc');
    const fault: unknown = await readText(chunksOf(['ab', 'cd']), 3).catch((thrown: unknown) => thrown);
    expect(isFoghornError(fault, 'TooLarge')).toBe(true);
  });
});
