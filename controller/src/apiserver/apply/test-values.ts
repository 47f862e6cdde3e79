import fc from 'fast-check';
import type { JsonRecord } from '../json.ts';

const hostileNames = ['__proto__', 'constructor', 'prototype', 'toString', '.', 'f:spec', 'k:{}', 'i:0', '', '-', '~1'];
const knownNames = ['apiVersion', 'kind', 'metadata', 'spec', 'status', 'notify', 'tags', 'labels', 'name', 'headers'];

/** For tests: any JSON, with names that could do harm and names that the sample schema knows. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, -1, 1.5, '', 'a', '1h', 'foghorn.dev/v1alpha1', 'MonitorPolicy'),
    fc.string({ maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...hostileNames, ...knownNames), tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const text = fc.constantFrom('a', 'b', 'c');
const optional = { requiredKeys: [] };

/** For tests: a spec of the sample kind, each field of it there or not. */
export const sampleSpec: fc.Arbitrary<JsonRecord> = fc.record(
  {
    target: text,
    interval: fc.constantFrom('1m', '2m'),
    retries: fc.nat({ max: 3 }),
    paused: fc.boolean(),
    labels: fc.dictionary(text, text, { maxKeys: 3 }),
    tags: fc.uniqueArray(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 4 }),
    notify: fc.uniqueArray(
      fc.record(
        { name: text, channel: fc.constantFrom('email', 'slack'), to: text, headers: fc.dictionary(text, anyJson) },
        { requiredKeys: ['name'] },
      ),
      { selector: ({ name }) => name, maxLength: 3 },
    ),
    threshold: fc.constantFrom(5, '5%'),
  },
  optional,
);

/** For tests: what every prototype has, to see that nothing was added. */
export function prototypeKeys(): readonly (readonly string[])[] {
  return [Object.prototype, Array.prototype, Function.prototype, Map.prototype].map((prototype) =>
    Object.getOwnPropertyNames(prototype),
  );
}
