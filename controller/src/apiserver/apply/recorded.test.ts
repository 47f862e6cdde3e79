import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../../kube/status.ts';
import { isRecord, type JsonRecord } from '../json.ts';
import { applyDefaults, prune } from '../schema/prune.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { sampleSchema } from './test-schema.ts';
import { serverSideApply } from './server-side-apply.ts';
import { trackUpdate } from './track-update.ts';

interface Recorded {
  readonly case: string;
  readonly write: 'apply' | 'merge' | 'json' | 'create' | 'replace';
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: 'status';
  readonly live?: JsonRecord;
  readonly body: JsonRecord;
  readonly status: number;
  readonly managedFields?: readonly { readonly time?: string }[];
  readonly refusal?: unknown;
  readonly object?: JsonRecord;
}

const apiVersion = 'foghorn.dev/v1alpha1';
const file = join(import.meta.dirname, 'fixtures/recorded.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[];
const rows = recorded.map((row): [string, Recorded] => [`${row.case}: ${row.write} is ${row.status}`, row]);

describe('a write has the outcome that it has on a real server', () => {
  it.each(rows)('%s', (_name, row) => {
    const outcome = row.write === 'apply' ? applied(row) : updated(row);
    const wanted = row.refusal === undefined ? { managedFields: row.managedFields } : { refusal: row.refusal };
    expect(outcome).toMatchObject(wanted);
  });

  it.each(rows.filter(([, row]) => row.object !== undefined))('%s, object', (_name, row) => {
    const { object } = apply(row);
    const whole = applyDefaults(object, sampleSchema);
    const [got, wanted] = [whole, row.object] as readonly [JsonRecord, JsonRecord];
    const part = row.subresource ?? 'spec';
    expect(got[part]).toEqual(wanted[part]);
    // by the way of status metadata stays as it stands
    expect(part === 'status' || isDeepStrictEqual(owned(got['metadata']), wanted['metadata'])).toBe(true);
  });
});

function applied(row: Recorded): unknown {
  try {
    return apply(row);
  } catch (thrown) {
    if (thrown instanceof StatusError) return { refusal: thrown.status };
    throw thrown;
  }
}

function apply(row: Recorded) {
  const { live, body, manager, force = false, subresource } = row;
  const now = lastTime(row);
  return serverSideApply({ live, applied: body, manager, force, now, apiVersion, subresource, schema: sampleSchema });
}

function updated(row: Recorded): unknown {
  const { live: before, manager, subresource } = row;
  try {
    const after = decoded(changed(row));
    const request = { before, after, manager, now: lastTime(row), apiVersion, subresource, schema: sampleSchema };
    return { managedFields: trackUpdate(request) };
  } catch (thrown) {
    if (thrown instanceof StatusError) return { refusal: thrown.status };
    throw thrown;
  }
}

function changed({ write, live, body }: Recorded): unknown {
  if (write === 'json') return applyJsonPatch(live, body);
  return write === 'merge' ? applyMergePatch(live, body) : body;
}

/** As admission hands objects on: known fields, defaults, and in metadata nothing empty. */
function decoded(object: unknown): JsonRecord {
  const whole = applyDefaults(prune(object, sampleSchema).value, sampleSchema) as JsonRecord;
  return { ...whole, metadata: withoutEmpty(whole['metadata']) };
}

function withoutEmpty(metadata: unknown): JsonRecord {
  const entries = Object.entries(isRecord(metadata) ? metadata : {});
  return Object.fromEntries(
    entries.filter(([, field]) => !(typeof field === 'object' && field !== null && Object.keys(field).length === 0)),
  );
}

function owned(metadata: unknown): JsonRecord {
  const names = ['labels', 'annotations', 'finalizers', 'ownerReferences'];
  return Object.fromEntries(Object.entries(withoutEmpty(metadata)).filter(([name]) => names.includes(name)));
}

/** When the write was: the newest time of a manager. */
function lastTime({ managedFields = [] }: Recorded): number {
  return Math.max(0, ...managedFields.map(({ time }) => (time === undefined ? 0 : Date.parse(time))));
}
