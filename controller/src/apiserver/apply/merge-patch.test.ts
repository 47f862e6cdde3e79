import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../../kube/status.ts';
import { applyMergePatch } from './merge-patch.ts';
import { anyJson, prototypeKeys } from './test-values.ts';

describe('a merge patch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{}, { a: [{ b: null, c: 1 }, null] }, { a: [{ c: 1 }, null] }],
    [{ a: 1 }, {}, { a: 1 }],
  ])('%j with %j is %j', (object, patch, wanted) => {
    expect(applyMergePatch(object, patch)).toEqual(wanted);
  });

  it.each([
    [[1], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['x', 'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [null, 'Invalid JSON Patch'],
  ])('that is %j is a bad request', (patch, message) => {
    expect(() => applyMergePatch({}, patch)).toThrow(message);
  });

  it('keeps a field named __proto__ a field', () => {
    const merged = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}')) as Record<string, unknown>;
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect(merged['polluted']).toBeUndefined();
  });

  it('carried out twice is the same, refused it is with a Status, and it pollutes nothing', () => {
    const before = prototypeKeys();
    fc.assert(
      fc.property(anyJson, anyJson, (object, patch) => {
        try {
          const once = applyMergePatch(object, patch);
          expect(applyMergePatch(once, patch)).toEqual(once);
        } catch (thrown) {
          if (!(thrown instanceof StatusError) || thrown.status.code >= 500) throw thrown;
        }
      }),
    );
    expect(prototypeKeys()).toEqual(before);
  });
});
