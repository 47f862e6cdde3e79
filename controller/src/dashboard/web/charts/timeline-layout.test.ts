import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { place, timeTicks } from './timeline-layout.ts';

const bounds = { fromMs: 1000, toMs: 2000 };

describe('a span on a timeline', () => {
  it.each([
    ['within', 1250, 1500, { left: 25, width: 25 }],
    ['that began before', 0, 1500, { left: 0, width: 50 }],
    ['that still goes on', 1500, null, { left: 50, width: 50 }],
    ['of a moment', 1500, 1500, { left: 50, width: 0.4 }],
    ['of a moment at the end', 2000, 2000, { left: 99.6, width: 0.4 }],
    ['that ended before', 0, 900, undefined],
    ['that begins later', 2001, null, undefined],
  ])('%s', (_what, from, to, wanted) => {
    expect(place(from, to, bounds)).toEqual(wanted);
  });

  it('never leaves the axis', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (from, length) => {
        const placed = place(from, from + length, bounds);
        if (placed === undefined) return;
        expect(placed.left).toBeGreaterThanOrEqual(0);
        expect(placed.left + placed.width).toBeLessThanOrEqual(100.001);
        expect(placed.width).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the marks of a time axis', () => {
  it.each([60_000, 900_000, 3_600_000, 86_400_000, 7 * 86_400_000, 90 * 86_400_000])(
    'are few, in order and at whole times over %d ms',
    (lengthMs) => {
      const fromMs = 1_700_000_123_456;
      const ticks = timeTicks({ fromMs, toMs: fromMs + lengthMs }, 8);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.every(({ at }) => at >= fromMs && at <= fromMs + lengthMs && at % 1000 === 0)).toBe(true);
      expect(ticks.map(({ left }) => left)).toEqual(ticks.map(({ left }) => left).toSorted((a, b) => a - b));
    },
  );
});
