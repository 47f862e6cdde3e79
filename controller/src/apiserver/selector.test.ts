import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../kube/status.ts';
import { parseFieldSelector, parseLabelSelector } from './selector.ts';

const labelled = (labels: Record<string, string>) => ({ apiVersion: 'v1', kind: 'K', metadata: { name: 'n', labels } });

describe('parseLabelSelector', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['', {}, true],
    ['a=b', { a: 'b' }, true],
    ['a==b', { a: 'b' }, true],
    ['a = b', { a: 'b' }, true],
    ['a=b', { a: 'c' }, false],
    ['a=b', {}, false],
    ['a=', { a: '' }, true],
    ['a=', {}, false],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['!a', {}, true],
    ['! a', { a: 'x' }, false],
    ['a in (b,c)', { a: 'c' }, true],
    ['a in (b, c)', { a: 'd' }, false],
    ['a in ()', { a: '' }, true],
    ['a notin (b,c)', {}, true],
    ['a notin (b,c)', { a: 'b' }, false],
    ['a notin(b)', { a: 'c' }, true],
    ['a>5', { a: '6' }, true],
    ['a>5', { a: '5' }, false],
    ['a<5', { a: 'x' }, false],
    ['a=b,c!=d,!e', { a: 'b' }, true],
    ['a=b,c', { a: 'b' }, false],
    ['foghorn.dev/policy=web', { 'foghorn.dev/policy': 'web' }, true],
    ['constructor', {}, false],
    ['in=x', { in: 'x' }, true],
  ])('"%s" of %o is %s', (selector, labels, holds) => {
    expect(parseLabelSelector(selector)(labelled(labels))).toBe(holds);
  });

  it.each([
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a in b', "found 'b', expected: '('"],
    ['a in (b', "found '', expected: ',' or ')'"],
    ['=b', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: !, identifier, or 'end of string'"],
    ['a b', "found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a>b', 'the value must be an integer'],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['-a=b', 'name part must consist of'],
    ['a=-b', 'a valid label must be'],
    ['x'.repeat(9000), 'selector is longer than'],
  ])('refuses "%s"', (selector, message) => {
    expect(() => parseLabelSelector(selector)).toThrow(message);
  });

  it('reads or refuses any text, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'b', '=', '!', '(', ')', ',', '<', '>', ' ', 'in', 'notin'),
          maxLength: 40,
        }),
        (text) => {
          expect(outcomeOf(() => parseLabelSelector(text)(labelled({ a: 'b' })))).toMatch(/^(read|refused)$/);
        },
      ),
    );
  });
});

describe('parseFieldSelector', () => {
  it.each<[string, boolean]>([
    ['metadata.name=n', true],
    ['metadata.name==n', true],
    ['metadata.name!=n', false],
    ['metadata.name=n,spec.on=true', true],
    ['spec.on=false', false],
  ])('"%s" is %s', (selector, holds) => {
    const object = { apiVersion: 'v1', kind: 'K', metadata: { name: 'n' }, spec: { on: true } };
    expect(parseFieldSelector(selector, ['spec.on'])(object)).toBe(holds);
  });
});

function outcomeOf(call: () => unknown): string {
  try {
    call();
    return 'read';
  } catch (thrown) {
    return thrown instanceof StatusError ? 'refused' : String(thrown);
  }
}
