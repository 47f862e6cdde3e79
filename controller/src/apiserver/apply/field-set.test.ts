import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  difference,
  fieldSetOf,
  hasPath,
  intersection,
  parseFieldsV1,
  pathsOf,
  recursiveDifference,
  toFieldsV1,
  union,
  type FieldSet,
} from './field-set.ts';
import { showPath } from './path-element.ts';
import { anyJson } from './test-values.ts';

const element = fc.constantFrom('f:spec', 'f:name', 'k:{"name":"a"}', 'k:{"name":"b","port":1}', 'v:"x"', 'v:1', 'i:0');
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 8 });
const sets = paths.map((list) => fieldSetOf(...list));
const keys = (set: FieldSet): Set<string> => new Set(pathsOf(set).map(showPath));

describe('a set of fields', () => {
  it('is the same after a round trip through FieldsV1', () => {
    fc.assert(
      fc.property(sets, (set) => {
        expect(parseFieldsV1(JSON.parse(JSON.stringify(toFieldsV1(set))))).toEqual(set);
      }),
    );
  });

  it('obeys the algebra of sets, path by path', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [left, right] = [keys(a), keys(b)];
        expect(keys(union(a, b))).toEqual(left.union(right));
        expect(keys(intersection(a, b))).toEqual(left.intersection(right));
        expect(keys(difference(a, b))).toEqual(left.difference(right));
      }),
    );
  });

  it('without another and all below it has no path that begins with one of it', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const left = pathsOf(recursiveDifference(a, b));
        const wanted = pathsOf(a).filter((path) => !path.some((_, end) => hasPath(b, path.slice(0, end + 1))));
        expect(left).toEqual(wanted);
      }),
    );
  });

  it.each([
    ['a leaf', { 'f:spec': {} }, [['f:spec']]],
    ['a parent by itself', { 'f:spec': { '.': {}, 'f:type': {} } }, [['f:spec'], ['f:spec', 'f:type']]],
    ['a key in another order', { 'k:{"port":1, "name":"b"}': {} }, [['k:{"name":"b","port":1}']]],
    ['a kind of key that is not known', { 'x:later': { 'f:a': {} }, 'f:b': {} }, [['f:b']]],
  ])('reads %s', (_name, fields, wanted) => {
    expect(parseFieldsV1(fields)).toEqual(fieldSetOf(...wanted));
  });

  it.each([[{ spec: {} }], [{ 'k:[1]': {} }], [{ 'v:{': {} }], [{ 'i:x': {} }], [{ 'f:a': 1 }], [[]], ['x'], [null]])(
    '%j is none',
    (fields) => {
      expect(parseFieldsV1(fields)).toBeUndefined();
    },
  );

  it('is read from any JSON without a fault', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const set = parseFieldsV1(value);
        const again = set === undefined ? undefined : parseFieldsV1(toFieldsV1(set));
        expect(again).toEqual(set);
      }),
    );
  });

  it('shows paths as messages have them', () => {
    expect(showPath(['f:spec', 'f:notify', 'k:{"name":"ops"}', 'f:to'])).toBe('.spec.notify[name="ops"].to');
    expect(showPath(['f:spec', 'f:tags', 'v:"prod"'])).toBe('.spec.tags[="prod"]');
    expect(showPath(['f:list', 'i:3'])).toBe('.list[3]');
  });
});
