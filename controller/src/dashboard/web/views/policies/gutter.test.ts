import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsetOf, placeOf, problemsByLine } from './gutter.ts';

const problem = (severity: 'error' | 'warning', message: string) => ({ severity, message, line: 3, column: 1 });

describe('places in a text', () => {
  it('count lines and columns from 1', () => {
    expect(placeOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
    expect(offsetOf('ab\ncd', { line: 2, column: 2 })).toBe(4);
  });

  it.each([
    [{ line: 9, column: 1 }, 3],
    [{ line: 1, column: 99 }, 2],
    [{ line: 0, column: 0 }, 0],
  ])('that are not there come down to one that is: %j', (place, offset) => {
    expect(offsetOf('ab\ncd', place)).toBe(offset);
  });

  it('go there and back', () => {
    const text = fc.array(fc.constantFrom('a', '\n', 'é'), { maxLength: 30 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(text, fc.nat(30), (given, cursor) => {
        const offset = Math.min(cursor, given.length);
        expect(offsetOf(given, placeOf(given, offset))).toBe(offset);
      }),
    );
  });

  it('show the error of a line before its warning', () => {
    const found = problemsByLine([problem('warning', 'a'), problem('error', 'b'), problem('warning', 'c')]);
    expect(found.get(3)?.message).toBe('b');
  });
});
