import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineWindow, scrollBy, type Viewport } from './window.ts';

const LINE = 34;
const viewport = fc.record({
  aboveTop: fc.integer({ min: -5000, max: 400_000 }),
  height: fc.integer({ min: 100, max: 3000 }),
});

/** Numbers of the lines of which something is on screen. */
function seenLines(lines: number, { aboveTop, height }: Viewport): readonly number[] {
  const first = Math.max(0, Math.floor(aboveTop / LINE));
  const end = Math.min(lines, Math.ceil((aboveTop + height) / LINE));
  return Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
}

describe('the lines that are drawn', () => {
  it('are all of a short list', () => {
    expect(lineWindow(50, LINE, { aboveTop: 10_000, height: 10 })).toEqual({ first: 0, end: 50 });
  });

  it('hold all that can be seen, and are few', () => {
    fc.assert(
      fc.property(fc.integer({ min: 121, max: 10_000 }), viewport, (lines, screen) => {
        const drawn = lineWindow(lines, LINE, screen);
        expect(drawn.first).toBeGreaterThanOrEqual(0);
        expect(drawn.end).toBeLessThanOrEqual(lines);
        expect(drawn.first).toBeLessThanOrEqual(drawn.end);
        const holds = (index: number): boolean => index >= drawn.first && index < drawn.end;
        expect(seenLines(lines, screen).filter((index) => !holds(index))).toEqual([]);
        expect(drawn.end - drawn.first).toBeLessThanOrEqual(Math.ceil(screen.height / LINE) + 34);
      }),
    );
  });
});

describe('scrollBy', () => {
  it.each([
    ['seen', 10, { aboveTop: 0, height: 900 }, 0],
    ['above', 2, { aboveTop: 340, height: 900 }, 2 * LINE - 340 - 64],
    ['below', 40, { aboveTop: 0, height: 900 }, 41 * LINE + 64 - 900],
  ])('a line that is %s', (_case, index, screen, distance) => {
    expect(scrollBy(index, LINE, screen, 64)).toBe(distance);
  });
});
