import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogChunk } from '../model/container.ts';
import type { LogLine } from './answers/container.ts';
import { createLineReader, lineOf, plainLine } from './log-tail.ts';

/** With its lines as they are shown. */
function createReader() {
  const reader = createLineReader();
  return {
    read: (chunk: LogChunk): readonly LogLine[] => reader.read(chunk).map(lineOf),
    rest: (): readonly LogLine[] => reader.rest().map(lineOf),
  };
}

const read = (...pieces: readonly string[]) => {
  const reader = createReader();
  const lines = pieces.flatMap((piece) => reader.read({ stream: 'stdout', bytes: Buffer.from(piece) }));
  return [...lines, ...reader.rest()];
};

describe('lines of output', () => {
  it('have the time that stands before them', () => {
    expect(read('2026-11-22T10:00:00.123456789Z started\n')).toEqual([
      { stream: 'stdout', at: Date.parse('2026-11-22T10:00:00.123Z'), text: 'started' },
    ]);
    expect(read('no time\n')).toEqual([{ stream: 'stdout', at: null, text: 'no time' }]);
    expect(read('2026-11-22T10:00:00Z \n')).toMatchObject([{ text: '' }]);
  });

  it('of two streams do not mix', () => {
    const reader = createReader();
    expect(reader.read({ stream: 'stdout', bytes: Buffer.from('one ') })).toEqual([]);
    expect(reader.read({ stream: 'stderr', bytes: Buffer.from('two\n') })).toMatchObject([
      { stream: 'stderr', text: 'two' },
    ]);
    expect(reader.read({ stream: 'stdout', bytes: Buffer.from('three\n') })).toMatchObject([{ text: 'one three' }]);
  });

  it('are the same wherever the pieces are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 8 }),
        fc.nat(400),
        (texts, cut) => {
          const whole = Buffer.from(texts.map((text) => `${text.replaceAll('\n', '')}\n`).join(''));
          const reader = createReader();
          const parts = [whole.subarray(0, cut), whole.subarray(cut)];
          const lines = parts.flatMap((bytes) => reader.read({ stream: 'stdout', bytes }));
          const once = createReader().read({ stream: 'stdout', bytes: whole });
          expect(lines).toEqual(once);
          expect(reader.rest()).toEqual([]);
        },
      ),
    );
  });

  it('are cut when they have no end', () => {
    const reader = createReader();
    for (let piece = 0; piece < 100; piece += 1) {
      expect(reader.read({ stream: 'stdout', bytes: Buffer.alloc(65_536, 'x') })).toEqual([]);
    }
    const [line] = reader.rest();
    expect(line?.text).toHaveLength(4000);
  });
});

describe('plainLine', () => {
  it.each([
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B]0;title\u0007text', 'text'],
    ['\u001B]8;;http://evil\u0007link\u001B]8;;\u0007', 'link'],
    ['a\tb', 'a    b'],
    ['a\rb\u0000c\u0008', 'abc'],
    ['\u202Egnp.exe', 'gnp.exe'],
    ['\u009B31mred', 'red'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['Zeile mit Umlaut ä 日本', 'Zeile mit Umlaut ä 日本'],
  ])('%j becomes %j', (line, plain) => {
    expect(plainLine(line)).toBe(plain);
  });

  it('lets no control character through', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => !/\p{Cc}/u.test(plainLine(line))));
  });
});
