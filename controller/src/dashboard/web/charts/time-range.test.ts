import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, parseRange, rangeText, recent, recentNames, shifted, SHORTEST_MS, zoomedTo } from './time-range.ts';

const NOW = 1_700_000_000_000;

describe('a time range', () => {
  it.each(recentNames)('%s goes through the address unchanged', (name) => {
    expect(rangeText(parseRange(name))).toBe(name);
  });

  it.each([
    ['nothing', undefined],
    ['a word', 'yesterday'],
    ['the end before the start', '2000000,1000000'],
    ['less than the shortest', `1000,${1000 + SHORTEST_MS - 1}`],
    ['centuries', '0,999999999999999'],
    ['markup', '<img src=x>,1'],
    ['three numbers', '1,2,3'],
  ])('falls back for %s', (_what, text) => {
    expect(parseRange(text, '6h')).toEqual(recent('6h'));
  });

  it('of a zoom survives the address', () => {
    fc.assert(
      fc.property(fc.nat(NOW), fc.integer({ min: SHORTEST_MS, max: 90 * 86_400_000 }), (from, length) => {
        const range = zoomedTo(from + length, from);
        expect(range).toEqual({ kind: 'fixed', fromMs: from, toMs: from + length });
        expect(range === undefined ? undefined : parseRange(rangeText(range))).toEqual(range);
      }),
    );
  });

  it('that is too short is no zoom', () => {
    expect(zoomedTo(NOW, NOW + 50)).toBeUndefined();
  });

  it('that is recent ends now', () => {
    expect(boundsOf(recent('15m'), NOW)).toEqual({ fromMs: NOW - 900_000, toMs: NOW });
  });

  it('moves by half of itself, and not past the present', () => {
    const earlier = shifted(recent('1h'), -1, NOW);
    expect(earlier).toEqual({ kind: 'fixed', fromMs: NOW - 5_400_000, toMs: NOW - 1_800_000 });
    expect(boundsOf(shifted(shifted(earlier, 1, NOW), 1, NOW), NOW).toMs).toBe(NOW);
  });
});
