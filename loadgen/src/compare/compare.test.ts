import { describe, expect, it } from 'vitest';
import { HEALTHY } from '../builders.ts';
import { compareReports, type ComparedLine } from './compare.ts';
import { madeUpRun } from './runs.ts';
import { tableOf } from './table.ts';

function shown(lines: readonly ComparedLine[]): readonly string[] {
  return lines.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').map(({ name }) => name);
}

describe('compareReports', () => {
  // By the level, 1 of 100 pairs may say something. That 3 or more of 40 do has a probability of 0.8 %; the seeds are fixed.
  it.each([
    ['seconds alike', { unrest: 0 }],
    ['seconds that differ', { unrest: 0.2, memory: 0 }],
    ['slow seconds that follow each other', { unrest: 0.1, memory: 0.5 }],
  ])(
    'says nothing about 40 pairs of runs of the same kind, with %s',
    (_name, kind) => {
      const pairs = Array.from({ length: 40 }, (_, pair) =>
        compareReports(
          madeUpRun({ seed: 2 * pair + 1, ratePerSecond: 50, seconds: 40, ...kind }),
          madeUpRun({ seed: 2 * pair + 100_000, ratePerSecond: 50, seconds: 40, ...kind }),
        ),
      );
      expect(pairs.filter(({ lines }) => shown(lines).length > 0).length).toBeLessThan(3);
    },
    60_000,
  );

  it('sees that all times are 20 % longer', () => {
    const { lines, warnings } = compareReports(
      madeUpRun({ seed: 1 }),
      madeUpRun({ seed: 2, medianMs: 24, unrest: 0.05 }),
    );
    const p50 = lines.find(({ name }) => name === 'latency p50');
    expect(p50?.verdict).toBe('worse');
    expect(p50?.interval?.low).toBeGreaterThan(0);
    expect(p50?.interval?.low).toBeLessThan(0.2);
    expect(p50?.interval?.high).toBeGreaterThan(0.2);
    expect(warnings).toEqual([]);
  });

  it('sees that times are shorter, and that errors are more', () => {
    const { lines } = compareReports(madeUpRun({ seed: 1 }), madeUpRun({ seed: 2, medianMs: 12, errorRate: 0.2 }));
    const verdicts = Object.fromEntries(lines.map(({ name, verdict }) => [name, verdict]));
    expect(verdicts).toMatchObject({
      'latency p50': 'better',
      'service time p99': 'better',
      'answers a second': 'worse',
      'error rate': 'worse',
    });
  });

  it('takes a run with itself as the same', () => {
    const run = madeUpRun({ seed: 3 });
    expect(shown(compareReports(run, run).lines)).toEqual([]);
  });

  it('does not judge by a few seconds or a few requests', () => {
    const { lines } = compareReports(
      madeUpRun({ seed: 1, seconds: 4 }),
      madeUpRun({ seed: 2, medianMs: 90, seconds: 60 }),
    );
    expect(new Set(lines.map(({ verdict }) => verdict))).toEqual(new Set(['too short to tell']));
    const rare = compareReports(madeUpRun({ seed: 1, ratePerSecond: 10 }), madeUpRun({ seed: 2, ratePerSecond: 10 }));
    expect(new Set(rare.lines.map(({ verdict }) => verdict))).toEqual(new Set(['too short to tell']));
  });

  it('warns of runs that should not be compared', () => {
    const run = madeUpRun({ seed: 1, seconds: 5 });
    const generator = { ...run.generator, ...HEALTHY, reliable: false };
    const { warnings } = compareReports(run, { ...run, plannedRate: 120, ended: 'stopped', generator });
    expect(warnings).toEqual([
      'a result is unreliable: the generator itself was the bottleneck',
      'not the same load: 100.0/s and 120.0/s were planned',
      'a run was stopped before the end of its plan',
    ]);
  });
});

describe('tableOf', () => {
  it('says the verdict in words', () => {
    const comparison = compareReports(madeUpRun({ seed: 1 }), madeUpRun({ seed: 2, medianMs: 40, unrest: 0.05 }));
    const text = tableOf(comparison, { base: 'a.json', other: 'b\u001b[2J.json' });
    expect(text).toMatch(/latency p50 +\d+\.\dms +\d+\.\dms +\+\d+\.\d % +\+\d+\.\d % to \+\d+\.\d % +slower/);
    expect(text).toContain('other  b?[2J.json');
    expect(text).toMatch(/^slower: latency p99 \+/m);
  });

  it('says when nothing is shown', () => {
    const run = madeUpRun({ seed: 1 });
    expect(tableOf(compareReports(run, run), { base: 'a', other: 'b' })).toMatch(/\nno difference shown\n$/);
  });
});
