import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastLines } from './last-lines.ts';

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array, void> {
  for (const text of texts) yield Buffer.from(text);
}

async function read(lines: number, ...texts: readonly string[]): Promise<string> {
  let tail = '';
  for await (const bytes of lastLines(pieces(...texts), lines)) tail += Buffer.from(bytes).toString();
  return tail;
}

describe('lastLines', () => {
  it.each([
    [0, 'a\nb\n', ''],
    [1, 'a\nb\n', 'b\n'],
    [1, 'a\nb', 'b'],
    [2, 'a\nb\n', 'a\nb\n'],
    [9, 'a\nb\n', 'a\nb\n'],
    [2, 'a\n\n\n', '\n\n'],
    [1, '', ''],
    [1, '\n', '\n'],
  ])('%i of %j is %j', async (lines, text, tail) => {
    expect(await read(lines, text)).toBe(tail);
  });

  it('does not depend on where the pieces are cut', async () => {
    const text = fc.array(fc.constantFrom('a', '\n', 'bc'), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, fc.nat(8), async (parts, lines) => {
        expect(await read(lines, ...parts)).toBe(await read(lines, parts.join('')));
      }),
    );
  });

  it('holds no more than a bound of a long text', async () => {
    const mebibyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    const tail = await read(1000, ...Array.from({ length: 12 }, () => mebibyte));
    expect(tail.length).toBe(4 * 1024 * 1024);
  });
});
