import { describe, expect, it } from 'vitest';
import { inLanes } from './span-lanes.ts';

describe('spans that overlap', () => {
  it('are told apart by their lanes', () => {
    const spans = [
      { fromMs: 5, toMs: null },
      { fromMs: 0, toMs: 10 },
      { fromMs: 10, toMs: 12 },
      { fromMs: 11, toMs: 20 },
    ];
    expect(inLanes(spans).map(({ span, lane }) => [span.fromMs, lane])).toEqual([
      [0, 0],
      [5, 1],
      [10, 0],
      [11, 2],
    ]);
  });
});
