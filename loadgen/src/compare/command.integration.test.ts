import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPARE_HELP, runCompare } from './command.ts';
import { madeUpRun } from './runs.ts';

let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foghorn-compare-'));
  const base = JSON.stringify(madeUpRun({ seed: 1 }));
  writeFileSync(file('base.json'), base);
  writeFileSync(file('formatted.json'), JSON.stringify(JSON.parse(base), undefined, 2));
  writeFileSync(file('lines.ndjson'), `{"type":"progress"}\n${base}\n`);
  writeFileSync(file('slow.json'), JSON.stringify(madeUpRun({ seed: 2, medianMs: 30 })));
  writeFileSync(file('wrong.json'), base.replace('"version":1', '"version":7'));
  writeFileSync(file('text.json'), 'hello');
  writeFileSync(file('damaged.json'), base.replaceAll(/"latencyMicroseconds":"H/g, '"latencyMicroseconds":"x'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('foghorn-load compare', () => {
  it('compares each with the first, from JSON and from the lines of a run', () => {
    const { text, hasFailed } = runCompare([file('base.json'), file('lines.ndjson'), file('slow.json')]);
    expect(text).toContain('no difference shown\n');
    expect(text).toContain('slower: latency p50');
    expect(hasFailed).toBe(false);
  });

  it.each([
    ['5%', 'slow.json', true],
    ['100%', 'slow.json', false],
    ['0%', 'lines.ndjson', false],
    ['0%', 'formatted.json', false],
  ])('with --fail-if-slower %s of %s: %s', (limit, other, failed) => {
    expect(runCompare(['--fail-if-slower', limit, file('base.json'), file(other)]).hasFailed).toBe(failed);
  });

  it('writes JSON', () => {
    const { text } = runCompare(['--json', file('base.json'), file('slow.json')]);
    expect(JSON.parse(text)).toMatchObject({
      other: file('slow.json'),
      lines: [{ name: 'latency p50', verdict: 'worse' }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
    });
  });

  it('has help', () => {
    expect(runCompare(['--help']).text).toBe(COMPARE_HELP);
  });

  it.each([
    [['base.json'], 'two reports or more'],
    [['base.json', 'gone.json'], 'cannot be read: ENOENT'],
    [['base.json', 'text.json'], 'holds no report'],
    [['base.json', 'wrong.json'], 'holds no report'],
    [['base.json', 'damaged.json'], 'a histogram of a report is damaged'],
  ])('refuses %j', (names, message) => {
    expect(() => runCompare(names.map(file))).toThrow(message);
  });

  it.each([
    [['--fail-if-slower', '5'], 'write 5%'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('refuses %j', (args, message) => {
    expect(() => runCompare([...args, file('base.json'), file('slow.json')])).toThrow(message);
  });
});
