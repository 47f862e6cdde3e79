import { describe, expect, it } from 'vitest';
import { slices } from './slices.ts';
import { createTurns } from './turns.ts';

describe('turns', () => {
  it('run one after the other, in the order in which they came, though one fails', async () => {
    const turns = createTurns();
    const done: string[] = [];
    const first = Promise.withResolvers<void>();
    const works = [
      turns.run(async () => {
        await first.promise;
        done.push('first');
        throw new Error('broken');
      }),
      turns.run(async () => void done.push('second')),
    ];
    const ended = Promise.allSettled(works);
    expect(turns.areWaited()).toBe(true);
    expect(done).toEqual([]);
    first.resolve();
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(done).toEqual(['first', 'second']);
    expect(turns.areWaited()).toBe(false);
  });
});

describe('slices', () => {
  it.each([0, 1, 500, 501, 1700])('of %i things are all of them, in order', (count) => {
    const all = Array.from({ length: count }, (_, index) => index);
    const parts = [...slices(all)];
    expect(parts.flat()).toEqual(all);
    expect(parts.every(({ length }) => length > 0 && length <= 500)).toBe(true);
  });
});
