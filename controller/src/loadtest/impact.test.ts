import { describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import { increaseOf, readImpact, spreadOf, type Reading } from './impact.ts';

const raw = (...values: readonly number[]): readonly Reading[] =>
  values.map((value, at) => ({ at, mean: value, max: value }));

const read = async ({ targetId }: { targetId: string }) => (targetId === 'a' ? raw(50) : []);

describe('impact', () => {
  it('is average and peak', () => {
    expect(spreadOf(raw(10, 20, 90))).toEqual({ avg: 40, max: 90 });
    expect(spreadOf([{ at: 0, mean: 20, max: 80 }])).toEqual({ avg: 20, max: 80 });
    expect(spreadOf([])).toBeUndefined();
  });

  it('counts restarts, also past a recreation', () => {
    expect(increaseOf(raw(1, 1, 3, 0, 1))).toBe(3);
    expect(increaseOf(raw(5))).toBe(0);
    expect(increaseOf([])).toBeUndefined();
  });

  it('names every watched container, those without samples too', async () => {
    const targets = [buildTarget({ id: 'a', name: 'a' }), buildTarget({ id: 'b', name: 'b' })];
    expect(await readImpact(targets, { fromMs: 0, toMs: 1, read })).toEqual([
      { container: 'a', cpu: { avg: 50, max: 50 }, memory: { avg: 50, max: 50 }, restarts: 0 },
      { container: 'b', cpu: undefined, memory: undefined, restarts: undefined },
    ]);
  });
});
