import { describe, expect, it } from 'vitest';
import { clockEpoch, clockNote, followClock, type NodeClock } from './node-clock.ts';

function follow(...skews: readonly (number | undefined)[]): NodeClock {
  return skews.reduce<NodeClock>((clock, skewMs, index) => followClock(clock, skewMs, index * 10_000), {});
}

describe('the clock of a node', () => {
  it.each([
    ['is steady', [0, 900, 100], ''],
    ['is wrong, and steady', [3_600_000, 3_600_500], ''],
    ['is not known', [undefined, undefined], ''],
    ['is not told for a while', [0, undefined, 500], ''],
    ['was set forward', [0, 0, 60_000], 'settling 25000'],
    ['was set back', [0, -5000, -5000], 'settling 25000'],
  ])('that %s has the epoch of it', (_name, skews, expected) => {
    expect(clockEpoch(follow(...skews), 25_000)).toBe(expected);
  });

  it('settles when the samples of before the step are gone', () => {
    const stepped = follow(0, -5000);
    expect(clockEpoch(stepped, 39_999)).toBe('settling 39999');
    expect(clockEpoch(stepped, 40_000)).toBe('since 10000');
    expect(clockEpoch(stepped, 900_000)).toBe('since 10000');
  });

  it.each([
    [undefined, undefined],
    [29_999, undefined],
    [90_000, "its clock is 90 s ahead of the controller's"],
    [-90_000, "its clock is 90 s behind the controller's"],
  ])('that is ahead by %s ms is told as %s', (skewMs, note) => {
    expect(clockNote({ skewMs })).toBe(note);
  });
});
