import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../kube/status.ts';
import { createAdmission, type Admission, type FieldValidation } from './admission.ts';
import { createApi } from './api.ts';
import { createKinds, loadKinds, parseCrd, type Kinds } from './kinds.ts';
import { openTestStore } from './test-store.ts';

interface Case {
  readonly name: string;
  readonly object: Body;
  readonly old?: Body;
  readonly status?: unknown;
  readonly fieldValidation?: FieldValidation;
  readonly verdict: Verdict;
}
interface Verdict {
  readonly code: number;
  readonly message?: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
  readonly spec?: unknown;
}
interface Body {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
}

const fixtures = join(import.meta.dirname, 'fixtures');
const crds = join(import.meta.dirname, '../../../crds');
const read = (file: string): readonly Case[] => JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as Case[];

const sample = createKinds([parseCrd(parse(readFileSync(join(fixtures, 'sample-crd.yaml'), 'utf8')))]);
const ours = await loadKinds(crds);

/** A real server tells a second cause of a fraction for an integer. */
const secondCauses = /Checked value must be of type integer/;

describe.each([
  ['our kinds', ours, read('verdicts.json')],
  ['the sample kind', sample, read('recorded-verdicts.json')],
])('on %s the embedded API judges as a real API server does', (_name, kinds, cases) => {
  const admission = createAdmission({ kinds, validators: {} });
  it.each(cases.map((each) => [each.name, each] as const))('%s', (_title, each) => {
    expect(judge({ kinds, admission }, each)).toEqual(expected(each.verdict));
  });
});

interface Rules {
  readonly kinds: Kinds;
  readonly admission: Admission;
}

function judge({ kinds, admission }: Rules, { object, old, status, fieldValidation }: Case): Verdict {
  const { store, clock } = openTestStore();
  const api = createApi({ store, kinds, clock, admission });
  const kind = kinds.all.find((known) => known.resource.kind === object.kind)!;
  const target = { namespace: 'default', name: object.metadata.name ?? '' };
  const options = { fieldValidation: fieldValidation ?? 'Strict' };
  try {
    if (old === undefined)
      return { code: 201, spec: api.create(kind.resource, 'default', object, options).object.spec };
    const stored = api.create(kind.resource, 'default', old).object;
    const before =
      status === undefined ? stored : api.updateStatus(kind.resource, target, { ...stored, status }).object;
    const { resourceVersion } = before.metadata;
    const body = { ...object, metadata: { ...object.metadata, resourceVersion } };
    return { code: 200, spec: api.update(kind.resource, target, body, options).object.spec };
  } catch (thrown) {
    if (!(thrown instanceof StatusError)) throw thrown;
    const { code, message, details } = thrown.status;
    return details?.causes === undefined ? { code, message } : { code, causes: sorted(details.causes as Causes) };
  } finally {
    store.close();
  }
}

type Causes = NonNullable<Verdict['causes']>;

function expected(verdict: Verdict): Verdict {
  if (verdict.causes === undefined) return verdict;
  return { code: verdict.code, causes: sorted(verdict.causes.filter((cause) => !secondCauses.test(cause.message))) };
}

function sorted(causes: Causes): Causes {
  return [...causes].sort((a, b) => `${a.field} ${a.message}`.localeCompare(`${b.field} ${b.message}`));
}
