import { describe, expect, it } from 'vitest';
import { markRuns } from './mark-runs.ts';

const mark = (x: number, kind: 'crash' | 'restart' | 'deploy' = 'restart'): Parameters<typeof markRuns>[0][number] => ({
  x,
  kind,
});

describe('marks over a chart', () => {
  it.each([
    ['none', [], []],
    ['one alone', [mark(5)], [{ from: 5, to: 5, kind: 'restart', count: 1 }]],
    [
      'two with room between them',
      [mark(5), mark(19, 'deploy')],
      [
        { from: 5, to: 5, kind: 'restart', count: 1 },
        { from: 19, to: 19, kind: 'deploy', count: 1 },
      ],
    ],
    [
      'a crash loop, each crash with its restart',
      [mark(0, 'crash'), mark(1), mark(8, 'crash'), mark(9), mark(16, 'crash'), mark(17)],
      [{ from: 0, to: 17, kind: 'crash', count: 3 }],
    ],
  ])('%s', (_what, marks, runs) => {
    expect(markRuns(marks, 14)).toEqual(runs);
  });
});
