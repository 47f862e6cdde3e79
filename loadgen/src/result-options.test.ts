import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseResult } from './result-options.ts';

const file = join(tmpdir(), 'run.HTML');

describe('parseResult', () => {
  it('takes the format from the name', () => {
    expect(parseResult({ output: [file, join(tmpdir(), 'a.csv')] }, false).outputs).toEqual([
      { path: file, format: 'html' },
      { path: join(tmpdir(), 'a.csv'), format: 'csv' },
    ]);
  });

  it('tells thresholds that end the run from those that do not', () => {
    const flags = { threshold: ['errors < 1'], 'abort-threshold': ['late < 5'], 'abort-delay': '10s' };
    const { thresholds, abortDelayMs } = parseResult(flags, false);
    expect(thresholds.map(({ expr, isDeadly }) => [expr, isDeadly])).toEqual([
      ['errors < 1', false],
      ['late < 5', true],
    ]);
    expect(abortDelayMs).toBe(10_000);
  });

  it.each([
    [{ output: ['report.pdf'] }, 'must end in .json, .csv, .html'],
    [{ output: ['report'] }, 'must end in'],
    [{ output: ['/no/such/folder/a.csv'] }, 'its folder cannot be written to'],
    [{ output: Array.from({ length: 11 }, () => file) }, 'at most 10'],
    [{ 'abort-delay': '1s' }, 'give one'],
    [{ 'abort-threshold': ['true'], 'abort-delay': 'soon' }, 'is not a duration'],
    [{ threshold: Array.from({ length: 51 }, () => 'true') }, 'at most 50'],
  ])('refuses %j', (flags, message) => {
    expect(() => parseResult(flags, false)).toThrow(message);
  });

  it('names no file for others', () => {
    expect(() => parseResult({ output: [file] }, true)).toThrow('does not go with --untrusted');
  });
});
