import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../../kube/status.ts';
import { isRecord, own, type JsonRecord } from '../json.ts';
import { difference, hasPath, noFields, pathsOf, union, type FieldSet } from './field-set.ts';
import { decodeManagedFields, type ManagedFieldsEntry } from './managed-fields.ts';
import { objectType } from './object-type.ts';
import { showPath } from './path-element.ts';
import { serverSideApply, type ApplyRequest } from './server-side-apply.ts';
import { sampleSchema } from './test-schema.ts';
import { anyJson, prototypeKeys, sampleSpec } from './test-values.ts';
import { trackUpdate } from './track-update.ts';
import { fieldsOf } from './typed-fields.ts';

const apiVersion = 'foghorn.dev/v1alpha1';
const now = Date.UTC(2026, 10, 22);
const type = objectType(sampleSchema);

describe('server-side apply', () => {
  it('of the same again changes nothing', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (other, spec) => {
        const live = stored(attempt({ live: undefined, manager: 'b', spec: other }));
        const first = stored(attempt({ live, manager: 'a', spec, force: true }));
        const second = attempt({ live: first, manager: 'a', spec, at: now + 60_000 });
        expect(stored(second)).toEqual(first);
      }),
    );
  });

  it('of fields that nobody else applies never conflicts', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (one, two) => {
        const others = Object.fromEntries(Object.entries(two).filter(([name]) => !Object.hasOwn(one, name)));
        const live = stored(attempt({ live: undefined, manager: 'a', spec: one }));
        const after = stored(attempt({ live, manager: 'b', spec: others }));
        const again = stored(attempt({ live: after, manager: 'a', spec: one }));
        expect(again['spec']).toEqual(after['spec']);
      }),
    );
  });

  it('of what others own with other values conflicts, and of equal values is shared', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (one, two) => {
        const live = stored(attempt({ live: undefined, manager: 'a', spec: one }));
        const shared = ownedBy(stored(attempt({ live, manager: 'b', spec: one })), 'b');
        expect(shared).toEqual(ownedBy(live, 'a'));
        const outcome = refusal(() => attempt({ live, manager: 'b', spec: two }));
        const after = stored(attempt({ live, manager: 'b', spec: two, force: true }));
        const lost = difference(ownedBy(live, 'a'), ownedBy(after, 'a'));
        const paths = pathsOf(lost).map(showPath);
        expect(outcome?.code ?? 200).toBe(paths.length === 0 ? 200 : 409);
        // a field that becomes another kind of value takes along what was below it, of which no cause tells
        for (const { field } of outcome?.details?.causes ?? []) expect(paths).toContain(field);
      }),
    );
  });

  it('by force owns all that is applied, with the values that are applied', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (other, spec) => {
        const live = stored(attempt({ live: undefined, manager: 'b', spec: other }));
        const after = stored(attempt({ live, manager: 'a', spec, force: true }));
        expect(ownedBy(after, 'a')).toEqual(fieldsOf({ spec }, type));
      }),
    );
  });

  it('takes away what it applied before and does not apply now, unless somebody else applies it', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, fc.boolean(), (spec, kept, isShared) => {
        const first = stored(attempt({ live: undefined, manager: 'a', spec }));
        const live = isShared ? stored(attempt({ live: first, manager: 'b', spec })) : first;
        const next = Object.fromEntries(Object.entries(spec).filter(([name]) => Object.hasOwn(kept, name)));
        const after = stored(attempt({ live, manager: 'a', spec: next }));
        // an empty list has no field that anybody could own
        const there = fieldsOf({ spec: after['spec'] ?? {} }, type);
        const wanted = fieldsOf({ spec: isShared ? spec : next }, type);
        expect(pathsOf(difference(wanted, there))).toEqual([]);
        const isWhole = isShared || Object.keys(next).length === 0;
        expect(isWhole ? [] : pathsOf(difference(there, wanted))).toEqual([]);
      }),
    );
  });

  it('and updates own together every field that is there', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, sampleSpec, (one, two, three) => {
        const created = object(one);
        const first = tracked(created, trackUpdate({ ...context, before: undefined, after: created, manager: 'u' }));
        const second = stored(attempt({ live: withUid(first), manager: 'a', spec: two, force: true }));
        const changed = { ...second, spec: three };
        const third = tracked(changed, trackUpdate({ ...context, before: second, after: changed, manager: 'v' }));
        const all = (decodeManagedFields(managedFieldsIn(third)) ?? new Map()).values();
        const owned = [...all].reduce((fields: FieldSet, entry) => union(fields, entry.fields), noFields);
        const leaves = pathsOf(fieldsOf({ spec: three }, type));
        const unowned = leaves.filter((path) => !hasPath(owned, path));
        // a map that was emptied belongs to nobody, as on a real server
        expect(unowned.filter((path) => !isEmpty(valueAt(third, path)))).toEqual([]);
        expect(pathsOf(owned).filter((path) => valueAt(third, path) === undefined)).toEqual([]);
      }),
    );
  });

  it('without a manager is invalid', () => {
    expect(refusal(() => attempt({ live: undefined, manager: undefined, spec: {} }))).toMatchObject({
      code: 422,
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    });
  });

  it('with managed fields in the configuration is a bad request', () => {
    const applied = { ...object({}), metadata: { name: 'web', managedFields: [] } };
    expect(refusal(() => serverSideApply({ ...context, live: undefined, applied, manager: 'a' }))).toMatchObject({
      code: 400,
      message: 'metadata.managedFields must be nil',
    });
  });

  it('of whatever is sent has an outcome or a Status, and pollutes nothing', () => {
    const before = prototypeKeys();
    fc.assert(
      fc.property(anyJson, anyJson, anyJson, fc.boolean(), (applied, part, managedFields, force) => {
        const live = { ...object({ target: 'a' }), metadata: { name: 'web', namespace: 'default', managedFields } };
        const bodies = [applied, { ...object(part), metadata: applied }, object(part)];
        for (const body of bodies) {
          for (const stands of [undefined, live]) {
            refusal(() => serverSideApply({ ...context, live: stands, applied: body, manager: 'a', force }));
          }
          if (isRecord(body)) trackUpdate({ ...context, before: live, after: body, manager: 'b' });
        }
      }),
      { numRuns: 300 },
    );
    expect(prototypeKeys()).toEqual(before);
  });
});

const context = { force: false, now, apiVersion, schema: sampleSchema } as const;

function object(spec: unknown): JsonRecord {
  return { apiVersion, kind: 'MonitorPolicy', metadata: { name: 'web', namespace: 'default' }, spec };
}

interface Attempt extends Pick<ApplyRequest, 'live' | 'manager'> {
  readonly spec: JsonRecord;
  readonly force?: boolean;
  readonly at?: number;
}

function attempt({ live, manager, spec, force = false, at = now }: Attempt) {
  return serverSideApply({ ...context, live, applied: object(spec), manager, force, now: at });
}

function stored(outcome: { readonly object: JsonRecord; readonly managedFields: readonly ManagedFieldsEntry[] }) {
  return tracked(outcome.object, outcome.managedFields);
}

function tracked(whole: JsonRecord, managedFields: readonly ManagedFieldsEntry[]): JsonRecord {
  const metadata = isRecord(whole['metadata']) ? whole['metadata'] : {};
  return { ...whole, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } };
}

function withUid(whole: JsonRecord): JsonRecord {
  return { ...whole, metadata: { ...(whole['metadata'] as JsonRecord), uid: 'u' } };
}

function managedFieldsIn(whole: JsonRecord): unknown {
  return isRecord(whole['metadata']) ? whole['metadata']['managedFields'] : undefined;
}

function ownedBy(whole: JsonRecord, manager: string): FieldSet {
  const managers = [...(decodeManagedFields(managedFieldsIn(whole)) ?? new Map()).values()];
  return managers.find((entry) => entry.manager === manager)?.fields ?? noFields;
}

/** Undefined: there is no such field. */
function valueAt(whole: unknown, path: readonly string[]): unknown {
  let part = whole;
  for (const element of path) {
    const inner = element.slice(2);
    if (element.startsWith('f:')) part = isRecord(part) ? own(part, inner) : undefined;
    else part = (Array.isArray(part) ? part : []).find((item: unknown) => isItem(item, element, inner));
  }
  return part;
}

function isEmpty(value: unknown): boolean {
  return value === null || (isRecord(value) && Object.keys(value).length === 0);
}

function isItem(item: unknown, element: string, inner: string): boolean {
  if (element.startsWith('v:')) return JSON.stringify(item) === inner;
  return isRecord(item) && JSON.stringify({ name: item['name'] }) === inner;
}

function refusal(call: () => unknown): StatusError['status'] | undefined {
  try {
    call();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof StatusError) return thrown.status;
    throw thrown;
  }
}
