import { describe, expect, it } from 'vitest';
import { thresholdsAbove, topOf, type ChartSpec } from './chart-spec.ts';

const spec = (highest: number, ...thresholds: readonly number[]): ChartSpec => ({
  title: 'CPU',
  unit: 'percent',
  bounds: { fromMs: 0, toMs: 1 },
  times: [0],
  lines: [{ label: 'CPU', colour: 'ok', values: [highest] }],
  least: 10,
  thresholds: thresholds.map((value) => ({ value, severity: 'critical', label: 'cpu' })),
  spans: [],
  marks: [],
});

describe('the axis of a chart', () => {
  it.each([
    ['leaves room above the values', spec(50), 54],
    ['reaches at least the least', spec(1), 10],
    ['reaches a threshold that is near', spec(60, 80), 86.4],
    ['does not press the values flat for one that is far', spec(5, 80), 10],
    ['ends a little above 100 %', spec(100), 105],
    ['shows what is above 100 %', spec(200), 216],
  ])('%s', (_what, given, wanted) => {
    expect(topOf(given)).toBeCloseTo(wanted);
  });

  it('says which thresholds it does not show', () => {
    expect(thresholdsAbove(spec(5, 80)).map(({ value }) => value)).toEqual([80]);
    expect(thresholdsAbove(spec(70, 80))).toEqual([]);
  });
});
