import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../../kube/status.ts';
import { applyJsonPatch } from './json-patch.ts';
import { anyJson, prototypeKeys } from './test-values.ts';

describe('a JSON patch', () => {
  it.each([
    ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['adds over a field', { a: 1 }, [{ op: 'add', path: '/a', value: null }], { a: null }],
    ['adds into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['adds at the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['adds at the length of a list', { a: [1] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2] }],
    ['adds the whole document', { a: 1 }, [{ op: 'add', path: '', value: { b: 2 } }], { b: 2 }],
    ['removes a field', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['removes an item', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/0' }], { a: [2, 3] }],
    ['replaces a field', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: [2] }], { a: { b: [2] } }],
    ['replaces an item', { a: [1, 2] }, [{ op: 'replace', path: '/a/1', value: 3 }], { a: [1, 3] }],
    ['moves a field', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    ['moves an item', { a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
    ['moves a field to where it is', { a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
    ['copies a field', { a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
    ['tests equal values', { a: { x: 1, y: [2] } }, [{ op: 'test', path: '/a', value: { y: [2], x: 1 } }], null],
    ['tests for a field that is absent', { a: 1 }, [{ op: 'test', path: '/b', value: null }], null],
    ['reads ~0 and ~1', { 'a/b': 1, 'm~n': 2 }, [{ op: 'remove', path: '/a~1b' }], { 'm~n': 2 }],
    ['reads ~01 as ~1', { '~1': 1 }, [{ op: 'replace', path: '/~01', value: 2 }], { '~1': 2 }],
    ['reads an empty name', { '': 1 }, [{ op: 'replace', path: '/', value: 2 }], { '': 2 }],
    ['takes none', { a: 1 }, [], null],
  ])('%s', (_name, object, operations, wanted) => {
    const before = structuredClone(object);
    expect(applyJsonPatch(object, operations)).toEqual(wanted ?? object);
    expect(object).toEqual(before);
  });

  it('leaves a copy apart from what it was copied from', () => {
    const operations = [
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'add', path: '/a/x', value: 1 },
    ];
    expect(applyJsonPatch({ a: {} }, operations)).toEqual({ a: { x: 1 }, b: {} });
  });

  it.each([
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }]],
    ['a test of a type', [{ op: 'test', path: '/a', value: '1' }]],
    ['a field that is not there', [{ op: 'remove', path: '/b' }]],
    ['a parent that is not there', [{ op: 'add', path: '/b/c', value: 1 }]],
    ['a replacement of nothing', [{ op: 'replace', path: '/b', value: 1 }]],
    ['an index past the end', [{ op: 'add', path: '/list/3', value: 1 }]],
    ['an index with a zero before it', [{ op: 'replace', path: '/list/00', value: 1 }]],
    ['the end of a list as an item', [{ op: 'remove', path: '/list/-' }]],
    ['a name in a list', [{ op: 'add', path: '/list/x', value: 1 }]],
    ['a field of a number', [{ op: 'add', path: '/a/b', value: 1 }]],
    ['a path without a slash', [{ op: 'remove', path: 'a' }]],
    ['a path with a bad escape', [{ op: 'remove', path: '/~2' }]],
    ['the whole document removed', [{ op: 'remove', path: '' }]],
    ['a move into itself', [{ op: 'move', from: '/o', path: '/o/x' }]],
    ['an inherited field', [{ op: 'copy', from: '/constructor', path: '/b' }]],
    ['the prototype', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
  ])('%s is refused as a real server refuses it', (_name, operations) => {
    expect(refusal({ a: 1, list: [1], o: {} }, operations)).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
    });
  });

  it.each([
    [{}, 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
    [[5], 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
    [
      [{ op: 5 }],
      'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ],
    [[{ op: 'zap', path: '/spec' }], 'invalid operation {"op":"zap","path":"/spec"}: unsupported operation'],
    [
      [{ op: 'add', value: 1 }],
      `invalid operation {"op":"add","value":1}: failed to decode 'path': operation missing path field: missing value`,
    ],
  ])('%j is a bad request', (operations, message) => {
    expect(refusal({}, operations)).toMatchObject({ code: 400, reason: 'BadRequest', message });
  });

  it('of more than 10,000 operations is too large', () => {
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }));
    expect(refusal({ a: 1 }, operations)).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
    expect(applyJsonPatch({ a: 1 }, operations.slice(1))).toEqual({ a: 1 });
  });

  it('cannot grow an object without bound by copies of copies', () => {
    const operations = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '', path: `/a${index}` }));
    expect(refusal({ text: 'x'.repeat(100) }, operations)).toMatchObject({ code: 413 });
  });

  it('keeps a field named __proto__ a field', () => {
    const operations = [{ op: 'add', path: '/__proto__', value: { polluted: true } }];
    const patched = applyJsonPatch({}, operations) as Record<string, unknown>;
    expect(Object.keys(patched)).toEqual(['__proto__']);
    expect(patched['polluted']).toBeUndefined();
  });

  it('whatever it is, is carried out or refused with a Status below 500, and pollutes nothing', () => {
    const before = prototypeKeys();
    const pointer = fc.oneof(
      fc.constantFrom('', '/', '/a', '/a/0', '/a/-', '/__proto__', '/__proto__/x', '/spec/tags', '/~0', '/~'),
      fc.string(),
    );
    const operation = fc.oneof(
      anyJson,
      fc.record({
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
        path: pointer,
        from: pointer,
        value: anyJson,
      }),
    );
    fc.assert(
      fc.property(anyJson, fc.oneof(anyJson, fc.array(operation, { maxLength: 6 })), (object, operations) => {
        const copy = structuredClone(object);
        try {
          applyJsonPatch(object, operations);
        } catch (thrown) {
          if (!(thrown instanceof StatusError) || thrown.status.code >= 500) throw thrown;
        }
        expect(object).toEqual(copy);
      }),
      { numRuns: 500 },
    );
    expect(prototypeKeys()).toEqual(before);
  });
});

function refusal(object: unknown, operations: unknown): unknown {
  try {
    return applyJsonPatch(object, operations);
  } catch (thrown) {
    if (thrown instanceof StatusError) return thrown.status;
    throw thrown;
  }
}
