import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FoghornError } from '../errors.ts';
import { alerts, events, loadTests, monitorPolicies, silences, type Resource } from '../kube/client.ts';
import { copyJson } from './json.ts';
import { openTestApi } from './test-api.ts';

const kinds: readonly Resource[] = [monitorPolicies, alerts, silences, loadTests, events];
const hostile = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'spec',
  'status',
  'metadata',
  'rules',
  'name',
  'selector',
  'for',
  'matchLabels',
  'headers',
  'namespace',
  'labels',
  'target',
  'duration',
  'http',
  'probes',
  'ownerReferences',
  'finalizers',
];

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, -1, 1.5, 1e308, '', '1h', '{{', 'a\u0000b', 'http://x', '2026-01-01T00:00:00Z'),
    fc.string(),
    fc.double(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...hostile), fc.string()), tie('value')), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const named = fc.constantFrom('a', 'b', 'A', '', 'x'.repeat(300), '../a', '__proto__');

describe('whatever a caller sends', () => {
  const opened = openTestApi();
  afterAll(async () => (await opened).store.close());

  it('is stored or refused with a Status below 500 or the one for a resourceVersion, and pollutes nothing', async () => {
    const { api } = await opened;
    const before = [Object.keys(Object.prototype), Object.keys(Array.prototype), Object.keys(Function.prototype)];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        json,
        named,
        fc.constantFrom('Strict', 'Warn', 'Ignore'),
        (kind, spec, name, fieldValidation) => {
          const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
          const bodies = [
            spec,
            { apiVersion, kind: kind.kind, metadata: { name }, spec, involvedObject: spec },
            {
              apiVersion,
              kind: kind.kind,
              metadata: spec,
              spec: { selector: spec, rules: spec, target: spec, duration: spec, probes: [spec] },
            },
            {
              apiVersion,
              kind: kind.kind,
              metadata: { name: 'a', labels: spec, annotations: spec, ownerReferences: [spec] },
              spec,
              status: spec,
            },
          ];
          for (const body of bodies) {
            const calls = [
              () => api.create(kind, 'default', body, { fieldValidation }),
              () => api.update(kind, { namespace: 'default', name }, body, { fieldValidation }),
              () => api.updateStatus(kind, { namespace: 'default', name: 'a' }, body, { fieldValidation }),
            ];
            for (const call of calls) attempt(call);
          }
          attempt(() => api.delete(kind, { namespace: 'default', name: 'a' }));
        },
      ),
      { numRuns: 300 },
    );
    expect([Object.keys(Object.prototype), Object.keys(Array.prototype), Object.keys(Function.prototype)]).toEqual(
      before,
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps a field named __proto__ a field', () => {
    const copy = copyJson(JSON.parse('{"a":{"__proto__":{"polluted":true}}}')) as { a: object };
    expect(Object.hasOwn(copy.a, '__proto__')).toBe(true);
    expect((copy.a as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([
    ['a function', () => 1],
    ['a bigint', 1n],
    ['not a number', Number.NaN],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a cycle', cycle()],
  ])('%s is refused', (_name, value) => {
    expect(() => copyJson({ value })).toThrow(FoghornError);
  });

  it('leaves out fields that are undefined', () => {
    expect(copyJson({ a: undefined, b: 1 })).toEqual({ b: 1 });
    expect(Object.keys(copyJson({ a: undefined }) as object)).toEqual([]);
  });
});

function attempt(call: () => unknown): void {
  try {
    call();
  } catch (thrown) {
    if (!(thrown instanceof FoghornError)) throw thrown;
  }
}

function cycle(): unknown {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}
