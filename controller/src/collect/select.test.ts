import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelExpression } from '../model/policy.ts';
import { matchesGlob, matchesSelector } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import { matchTargets } from './select.ts';

function target(name: string, labels: Target['labels'] = {}, host = 'local'): Target {
  return { id: `${host}/${name}`, instance: 'abc', host, name, namespace: '', labels, image: 'app:1', limits: {} };
}

function policy(changes: Partial<Parameters<typeof matchTargets>[0]> = {}): Parameters<typeof matchTargets>[0] {
  return { selector: { matchLabels: {}, matchExpressions: [] }, containerNames: [], expect: [], ...changes };
}

function text(letters: string[], maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...letters), maxLength });
}

describe('matchTargets', () => {
  const web = target('web', { tier: 'front' });
  const worker = target('web-worker', { tier: 'back' });
  const db = target('db', { tier: 'back' }, 'other');
  const all = [web, worker, db];

  it('takes every target when the selector is empty and no name is given', () => {
    expect(matchTargets(policy(), all, 'local')).toEqual(all);
  });

  it('wants both the selector and one of the names', () => {
    const selector = { matchLabels: { tier: 'back' }, matchExpressions: [] };
    expect(matchTargets(policy({ selector }), all, 'local')).toEqual([worker, db]);
    expect(matchTargets(policy({ selector, containerNames: ['no', 'web*'] }), all, 'local')).toEqual([worker]);
  });

  it('adds a missing target for each expected name that no target has, once', () => {
    const [first, ...rest] = matchTargets(policy({ expect: ['db', 'gone', 'gone'] }), [db], 'local');
    expect(first).toBe(db);
    expect(rest).toEqual([
      { id: 'local/gone', instance: '', host: 'local', name: 'gone', namespace: '', labels: {}, image: '', limits: {} },
    ]);
  });

  it('does not call an expected container missing that is there but not selected', () => {
    expect(matchTargets(policy({ expect: ['db'], containerNames: ['web'] }), all, 'local')).toEqual([web]);
  });
});

function place(name: string, namespace: string): Target {
  return { ...target(name), id: `k/${namespace}/${name}`, namespace };
}

describe('the namespaces of a policy', () => {
  const own = place('web', 'shop');
  const other = place('web', 'bank');
  const nowhere = place('web', '');

  it.each<[string, readonly string[] | undefined, readonly Target[]]>([
    ['none given: all', undefined, [own, other, nowhere]],
    ['its own', ['shop'], [own]],
    ['two', ['shop', 'bank'], [own, other]],
    ['one that has nothing', ['empty'], []],
  ])('%s', (_name, namespaces, expected) => {
    expect(matchTargets(policy({ namespaces }), [own, other, nowhere], 'k')).toEqual(expected);
  });

  it('an expected container of another namespace does not count', () => {
    const matched = matchTargets(policy({ namespaces: ['bank'], expect: ['db'] }), [place('db', 'shop')], 'k');
    expect(matched).toMatchObject([{ name: 'db', instance: '' }]);
  });

  it('only ever take containers away, and with all of them named none', () => {
    const namespace = fc.constantFrom<string>('a', 'b', 'c');
    const places = fc.array(fc.tuple(fc.constantFrom('web', 'db'), namespace).map(([name, at]) => place(name, at)));
    fc.assert(
      fc.property(places, fc.uniqueArray(namespace), (targets, namespaces) => {
        const all = matchTargets(policy(), targets, 'k');
        const some = matchTargets(policy({ namespaces }), targets, 'k');
        expect(some).toEqual(all.filter((one) => namespaces.includes(one.namespace)));
      }),
    );
  });
});

describe('matchesSelector', () => {
  const labels = { app: 'web', empty: '' };
  it.each<[LabelExpression['operator'], string, string[], boolean]>([
    ['In', 'app', ['db', 'web'], true],
    ['In', 'app', ['db'], false],
    ['In', 'none', ['web'], false],
    ['NotIn', 'app', ['web'], false],
    ['NotIn', 'app', ['db'], true],
    ['NotIn', 'none', ['web'], true],
    ['Exists', 'app', [], true],
    ['Exists', 'empty', [], true],
    ['Exists', 'none', [], false],
    ['DoesNotExist', 'none', [], true],
    ['DoesNotExist', 'app', [], false],
    ['Exists', 'constructor', [], false],
  ])('%s %s %j is %s', (operator, key, values, expected) => {
    expect(matchesSelector({ matchLabels: {}, matchExpressions: [{ key, operator, values }] }, labels)).toBe(expected);
  });

  it('wants all labels and all expressions', () => {
    const exists = { key: 'empty', operator: 'Exists', values: [] } as const;
    const absent = { key: 'app', operator: 'DoesNotExist', values: [] } as const;
    expect(matchesSelector({ matchLabels: { app: 'web', empty: '' }, matchExpressions: [exists] }, labels)).toBe(true);
    expect(matchesSelector({ matchLabels: { app: 'web', none: '' }, matchExpressions: [] }, labels)).toBe(false);
    expect(matchesSelector({ matchLabels: {}, matchExpressions: [exists, absent] }, labels)).toBe(false);
  });
});

describe('matchesGlob', () => {
  it.each([
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['web*', 'web-1', true],
    ['*web', 'my-web', true],
    ['*', '', true],
    ['**', 'x', true],
    ['', '', true],
    ['', 'x', false],
    ['?', '', false],
    ['w?b', 'web', true],
    ['w?b', 'wb', false],
    ['*-?-*', 'a-b-c', true],
    ['*a*b', 'aXbXb', true],
    ['*a*b', 'aXbXc', false],
    ['w.b', 'web', false],
    ['[w]eb', 'web', false],
    ['?*', 'x', true],
  ])('%j on %j is %s', (glob, name, expected) => {
    expect(matchesGlob(glob, name)).toBe(expected);
  });

  it('agrees with the plain definition on every short glob and name', () => {
    const plain = (glob: string, name: string): boolean => {
      if (glob === '') return name === '';
      if (glob.startsWith('*')) return plain(glob.slice(1), name) || (name !== '' && plain(glob, name.slice(1)));
      return name !== '' && (glob.startsWith('?') || glob[0] === name[0]) && plain(glob.slice(1), name.slice(1));
    };
    fc.assert(
      fc.property(text(['a', 'b', '*', '?'], 8), text(['a', 'b'], 10), (glob, name) => {
        expect(matchesGlob(glob, name)).toBe(plain(glob, name));
      }),
      { numRuns: 2000 },
    );
  });

  it('stays quick on a glob that makes a backtracking matcher explode', () => {
    expect(matchesGlob('*a'.repeat(100), `${'a'.repeat(250)}b`)).toBe(false);
  });
});
