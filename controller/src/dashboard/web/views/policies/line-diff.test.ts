import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from './line-diff.ts';

describe('two texts laid over each other', () => {
  it('show what each has alone', () => {
    expect(lineDiff('a\nb\nc', 'a\nx\nc')).toEqual([
      { side: 'both', text: 'a' },
      { side: 'theirs', text: 'b' },
      { side: 'mine', text: 'x' },
      { side: 'both', text: 'c' },
    ]);
  });

  it('give back both texts, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 20 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (theirs, mine) => {
        const lines = lineDiff(theirs, mine);
        const of = (side: 'theirs' | 'mine'): string =>
          lines
            .filter((line) => line.side === side || line.side === 'both')
            .map((line) => line.text)
            .join('\n');
        expect([of('theirs'), of('mine')]).toEqual([theirs, mine]);
      }),
    );
  });
});
