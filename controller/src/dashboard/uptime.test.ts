import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildEpisode } from '../model/builders.ts';
import { firstSlotAt, PIECE_MS, SLOT_MS, SLOTS, uptimeOf } from './uptime.ts';

const now = 100 * SLOT_MS + 12 * 60_000;
const from = firstSlotAt(now);
const point = (at: number, mean: number) => ({ at, min: mean, mean, max: mean });
/** Every piece of the day is known. */
const allDay = (mean: number) =>
  Array.from({ length: Math.ceil((now - from) / PIECE_MS) }, (_, index) => point(from + index * PIECE_MS, mean));

describe('the last 24 hours', () => {
  it('end with the present slot, which began at a full or half hour', () => {
    expect(from % SLOT_MS).toBe(0);
    expect(from + SLOTS * SLOT_MS).toBeGreaterThan(now);
    expect(from + (SLOTS - 1) * SLOT_MS).toBeLessThanOrEqual(now);
  });

  it('are unknown where nobody looked', () => {
    const { slots, share } = uptimeOf('a', { points: [], episodes: [], now });
    expect(slots).toHaveLength(48);
    expect(slots.every(({ state, unknown }) => state === 'unknown' && unknown === 1)).toBe(true);
    expect(share).toBeNull();
  });

  it('are up while it ran', () => {
    const { slots, share } = uptimeOf('a', { points: allDay(1), episodes: [], now });
    expect(slots.every(({ state }) => state === 'up')).toBe(true);
    expect(share).toBe(1);
  });

  it('show a short outage, and what is left of the day', () => {
    const points = allDay(1).map((one) => (one.at === from + PIECE_MS ? { ...one, mean: 0.4 } : one));
    const { slots, share } = uptimeOf('a', { points, episodes: [], now });
    expect(slots[0]).toEqual({ state: 'down', up: 0.8, degraded: 0, down: 0.2, unknown: 0 });
    expect(share).toBeCloseTo(1 - 0.2 / 48, 3);
  });

  it('are degraded while it ran and something worse than info fired', () => {
    const slot = from + SLOT_MS;
    const warning = buildEpisode({ severity: 'warning', firedAt: slot + 600_000, resolvedAt: slot + 1_500_000 });
    const critical = buildEpisode({ severity: 'critical', firedAt: slot + 900_000, resolvedAt: slot + 1_500_000 });
    const info = buildEpisode({ severity: 'info', firedAt: from, resolvedAt: now });
    const { slots } = uptimeOf('a', { points: allDay(1), episodes: [critical, warning, info], now });
    expect(slots.map(({ state }) => state).slice(0, 3)).toEqual(['up', 'degraded', 'up']);
    expect(slots[1]).toMatchObject({ up: 0.5, degraded: 0.5 });
  });

  it('hold what has passed of the present slot only', () => {
    const points = [point(now - 12 * 60_000, 1)];
    expect(uptimeOf('a', { points, episodes: [], now }).slots.at(-1)).toMatchObject({ up: 0.5, unknown: 0.5 });
  });

  it('divide every slot into shares that add up to one', () => {
    const spans = fc.array(fc.tuple(fc.nat(now - from), fc.nat(now - from)), { maxLength: 5 });
    const known = fc.array(fc.tuple(fc.nat(143), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 144 });
    fc.assert(
      fc.property(known, spans, (pieces, troubles) => {
        const points = pieces.map(([piece, mean]) => point(from + piece * PIECE_MS, mean));
        const episodes = troubles.map(([a, b]) =>
          buildEpisode({ severity: 'warning', firedAt: from + Math.min(a, b), resolvedAt: from + Math.max(a, b) }),
        );
        const { slots, share } = uptimeOf('a', { points, episodes, now });
        for (const { up, degraded, down, unknown } of slots) {
          expect(up + degraded + down + unknown).toBeCloseTo(1, 2);
          expect(Math.min(up, degraded, down, unknown)).toBeGreaterThanOrEqual(0);
        }
        expect(share === null || (share >= 0 && share <= 1)).toBe(true);
      }),
    );
  });
});
