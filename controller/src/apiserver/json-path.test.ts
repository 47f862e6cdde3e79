import { describe, expect, it } from 'vitest';
import { compileJsonPath } from './json-path.ts';

const object = {
  metadata: { labels: { 'a.b/c': 'x' } },
  status: {
    failures: 0,
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Stalled', status: 'False' },
    ],
  },
};

describe('a JSON path of a printer column', () => {
  it.each([
    ['.status.failures', 0],
    ['.status.conditions[?(@.type=="Ready")].status', 'True'],
    [".status.conditions[?(@.type=='Stalled')].status", 'False'],
    ['.status.conditions[?(@.type!="Ready")].type', 'Stalled'],
    ['.status.conditions[?(@.type=="Other")].status', undefined],
    ['.status.conditions[1].type', 'Stalled'],
    ['.status.conditions[-1].type', 'Stalled'],
    ['.status.conditions[*].type', 'Ready'],
    [".metadata.labels['a.b/c']", 'x'],
    ['.metadata.labels.a\\.b/c', 'x'],
    ['.nothing.at.all', undefined],
    ['.__proto__.x', undefined],
  ])('%s', (path, found) => {
    expect(compileJsonPath(path)(object)).toBe(found);
  });

  it('says which path it cannot read', () => {
    expect(() => compileJsonPath('.a[?(@.b > 3)]')).toThrow('not a JSON path of a printer column: .a[?(@.b > 3)]');
  });
});
