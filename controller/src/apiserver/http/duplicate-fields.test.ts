import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateFields } from './duplicate-fields.ts';

describe('fields given twice', () => {
  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"spec":{"x":{"y":1,"y":2}},"z":["y","y"]}', ['spec.x.y']],
    ['{"list":[{"a":1},{"a":1,"b":{},"a":2}]}', ['list[1].a']],
    ['{"a":"}{,:\\"a\\"","b":1}', []],
    ['{"\\u0061":1,"a":2}', ['a']],
    ['[1,[2,{"k":1,"k":1}]]', ['[1][1].k']],
    ['"a"', []],
  ])('%s: %j', (text, paths) => {
    expect(duplicateFields(text)).toEqual(paths);
  });

  it('are in nothing that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(duplicateFields(JSON.stringify(value))).toEqual([]);
      }),
    );
  });
});
