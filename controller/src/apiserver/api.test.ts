import { describe, expect, it } from 'vitest';
import { events, monitorPolicies, silences, type KubeObject } from '../kube/client.ts';
import { invalidValue, StatusError, type Status } from '../kube/status.ts';
import { openTestApi, silence } from './test-api.ts';

const here = (name: string) => ({ namespace: 'default', name });

function refusal(call: () => unknown): Status {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof StatusError) return thrown.status;
    throw thrown;
  }
  throw new Error('was not refused');
}

describe('create', () => {
  it('gives out identity and age, and drops what is not for the caller to say', async () => {
    const { api } = await openTestApi();
    const forged = {
      uid: 'forged',
      creationTimestamp: '2000-01-01T00:00:00Z',
      generation: 7,
      deletionTimestamp: '2000-01-01T00:00:00Z',
    };
    const { object } = api.create(silences, 'default', { ...silence('a', forged), status: { state: 'Active' } });
    expect(object.metadata).toMatchObject({
      generation: 1,
      creationTimestamp: '2026-01-13T10:00:00Z',
      resourceVersion: '2',
    });
    expect(object.metadata.uid).not.toBe('forged');
    expect(object.metadata.deletionTimestamp).toBeUndefined();
    expect(object.status).toBeUndefined();
  });

  it('makes a name from generateName', async () => {
    const { api } = await openTestApi();
    const body = { ...silence('x'), metadata: { generateName: 'night-' } };
    const names = [1, 2, 3].map(() => api.create(silences, 'default', body).object.metadata.name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^night-[b-z2-9]{5}$/);
  });

  it.each<[string, (object: KubeObject) => unknown, number, string]>([
    [
      'a resourceVersion',
      () => silence('a', { resourceVersion: '5' }),
      500,
      'resourceVersion should not be set on objects to be created',
    ],
    [
      'another namespace than the place it is sent to',
      () => silence('a', { namespace: 'x' }),
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'another version',
      (object) => ({ ...object, apiVersion: 'foghorn.dev/v2' }),
      400,
      'the API version in the data (foghorn.dev/v2) does not match the expected API version (foghorn.dev/v1alpha1)',
    ],
    ['no object at all', () => 'x', 400, 'the object provided is unrecognized (must be of type Silence)'],
    [
      'a label that is a number',
      (object) => ({ ...object, metadata: { ...object.metadata, labels: { a: 1 } } }),
      400,
      'Silence in version "v1alpha1" cannot be handled as a Silence: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    ],
  ])('refuses %s', async (_name, change, code, message) => {
    const { api } = await openTestApi();
    expect(refusal(() => api.create(silences, 'default', change(silence('a'))))).toMatchObject({ code, message });
  });

  it('refuses what is larger than the store takes, and what is nested too deep', async () => {
    const { api } = await openTestApi();
    const large = silence('a', { annotations: { a: 'x'.repeat(2_000_000) } });
    expect(refusal(() => api.create(silences, 'default', large)).code).toBe(413);
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = { a: deep };
    expect(refusal(() => api.create(silences, 'default', { ...silence('a'), spec: deep })).code).toBe(400);
  });

  it.each([
    ['Warn', ['unknown field "spec.colour"']],
    ['Ignore', []],
  ] as const)('with %s takes an unknown field out', async (fieldValidation, warnings) => {
    const { api } = await openTestApi();
    const body = { ...silence('a'), spec: { duration: '1h', colour: 'red' } };
    const written = api.create(silences, 'default', body, { fieldValidation });
    expect(written.warnings).toEqual(warnings);
    expect(written.object.spec).toEqual({ duration: '1h' });
  });

  it('asks further rules of the kind, and tells their causes', async () => {
    const { api } = await openTestApi({
      Silence: (object) => [invalidValue('spec.comment', object.metadata.name, 'says nothing')],
    });
    expect(refusal(() => api.create(silences, 'default', silence('a')))).toMatchObject({
      message: 'Silence.foghorn.dev "a" is invalid: spec.comment: Invalid value: "a": says nothing',
      details: { causes: [{ reason: 'FieldValueInvalid', field: 'spec.comment' }] },
    });
  });

  it('writes nothing in a dry run', async () => {
    const { api, store } = await openTestApi();
    const before = store.resourceVersion();
    expect(api.create(silences, 'default', silence('a'), { dryRun: true }).object.metadata.uid).toBeDefined();
    expect(store.resourceVersion()).toBe(before);
    expect(refusal(() => api.get(silences, 'default', 'a'))).toMatchObject({
      code: 404,
      message: 'silences.foghorn.dev "a" not found',
      details: { name: 'a', group: 'foghorn.dev', kind: 'silences' },
    });
  });

  it('refuses a manager whose name is too long or cannot be printed', async () => {
    const { api } = await openTestApi();
    for (const fieldManager of ['x'.repeat(129), 'a\nb']) {
      expect(refusal(() => api.create(silences, 'default', silence('a'), { fieldManager })).code).toBe(422);
    }
  });
});

describe('update', () => {
  it('wants the version that it replaces, the right name and the right uid', async () => {
    const { api } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'));
    const { resourceVersion: _version, ...unversioned } = object.metadata;
    expect(refusal(() => api.update(silences, here('a'), { ...object, metadata: unversioned })).message).toBe(
      'silences.foghorn.dev "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
    expect(refusal(() => api.update(silences, here('b'), object)).message).toBe(
      'the name of the object (a) does not match the name on the URL (b)',
    );
    const other = { ...object, metadata: { ...object.metadata, uid: 'other' } };
    expect(refusal(() => api.update(silences, here('a'), other)).code).toBe(409);
  });

  it('counts a generation for spec only, and gives no new version for no change', async () => {
    const { api } = await openTestApi();
    const one = api.create(silences, 'default', silence('a')).object;
    const two = api.update(silences, here('a'), { ...one, metadata: { ...one.metadata, labels: { a: 'b' } } }).object;
    expect(two.metadata).toMatchObject({ generation: 1, resourceVersion: '3', labels: { a: 'b' } });
    const three = api.update(silences, here('a'), { ...two, spec: { duration: '2h' } }).object;
    expect(three.metadata).toMatchObject({ generation: 2, resourceVersion: '4' });
    expect(
      api.update(silences, here('a'), { ...three, metadata: { ...three.metadata, generation: 9 } }).object,
    ).toEqual(three);
  });

  it('lets an object that an older schema allowed be touched elsewhere', async () => {
    const { api, store } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'));
    const old = store.put(silences, { ...object, spec: { duration: 'soon', comment: 'x'.repeat(9999) } }, object);
    expect(api.updateStatus(silences, here('a'), { ...old, status: { state: 'Active' } }).object.status).toEqual({
      state: 'Active',
    });
    const next = store.read(silences, 'default', 'a')!;
    expect(refusal(() => api.update(silences, here('a'), { ...next, spec: { duration: 'later' } })).code).toBe(422);
  });

  it('keeps managed fields when they are not sent', async () => {
    const { api } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'), { fieldManager: 'me' });
    const { managedFields, ...rest } = object.metadata as { managedFields?: unknown[] } & KubeObject['metadata'];
    const changed = { ...object, metadata: { ...rest, labels: { a: 'b' } } };
    const after = api.update(silences, here('a'), changed, { fieldManager: 'you' }).object;
    expect(after.metadata).toMatchObject({
      managedFields: [
        managedFields?.[0],
        { manager: 'you', fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } } },
      ],
    });
  });

  it('has no status to write for a kind without one', async () => {
    const { api } = await openTestApi();
    expect(refusal(() => api.updateStatus(events, here('a'), {})).code).toBe(404);
  });
});

describe('delete', () => {
  it('tells watchers the last state under the version of the deletion', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    expect(api.delete(silences, here('a')).metadata.resourceVersion).toBe('3');
  });

  it('marks an object with finalizers once, and refuses further finalizers', async () => {
    const { api, clock } = await openTestApi();
    api.create(silences, 'default', silence('a', { finalizers: ['foghorn.dev/cleanup'] }));
    const marked = api.delete(silences, here('a'));
    expect(marked.metadata).toMatchObject({
      deletionTimestamp: '2026-01-13T10:00:00Z',
      deletionGracePeriodSeconds: 0,
      generation: 2,
    });
    await clock.advance(5000);
    expect(api.delete(silences, here('a'))).toEqual(marked);
    const more = {
      ...marked,
      metadata: { ...marked.metadata, finalizers: ['foghorn.dev/cleanup', 'foghorn.dev/more'] },
    };
    expect(refusal(() => api.update(silences, here('a'), more)).message).toContain(
      'no new finalizers can be added if the object is being deleted, found new finalizers []string{"foghorn.dev/more"}',
    );
  });

  it.each([
    ['uid', { uid: 'nope' }, 'the UID in the precondition (nope) does not match the UID in record'],
    ['version', { resourceVersion: '1' }, 'the ResourceVersion in the precondition (1) does not match'],
  ])('does nothing when a precondition on the %s does not hold', async (_name, preconditions, message) => {
    const { api } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'));
    const status = refusal(() => api.delete(silences, here('a'), { preconditions }));
    expect(status).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(status.message).toContain(message);
    expect(api.get(silences, 'default', 'a')).toEqual(object);
  });

  it('deletes what a selection holds', async () => {
    const { api } = await openTestApi();
    for (const name of ['a', 'b', 'c'])
      api.create(silences, 'default', silence(name, { labels: { odd: String(name !== 'b') } }));
    api.deleteCollection(silences, { namespace: 'default', labelSelector: 'odd=true' });
    expect(api.list(silences).items.map((item) => item.metadata.name)).toEqual(['b']);
  });
});

describe('list', () => {
  it('is paged by a token that goes on where the page ended', async () => {
    const { api } = await openTestApi();
    const names = Array.from({ length: 7 }, (_, index) => `s${index}`);
    for (const name of names) api.create(silences, 'default', silence(name));
    const seen: string[] = [];
    const remaining: (number | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = api.list(silences, { limit: 3, ...(token === undefined ? {} : { continue: token }) });
      seen.push(...page.items.map((item) => item.metadata.name));
      remaining.push(page.remainingItemCount);
      token = page.continue;
      if (token !== undefined) api.create(silences, 'default', silence(`a${seen.length}`));
    } while (token !== undefined);
    expect(seen).toEqual(names);
    expect(remaining[0]).toBe(4);
  });

  it('ends a page that is full with nothing behind it', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    expect(api.list(silences, { limit: 1 }).continue).toBeUndefined();
  });

  it.each(['x', 'eyJydiI6MX0', Buffer.from('{"rv":1,"seen":0,"namespace":1,"name":"a"}').toString('base64url')])(
    'refuses the token %s',
    async (token) => {
      const { api } = await openTestApi();
      expect(refusal(() => api.list(silences, { continue: token })).code).toBe(400);
    },
  );

  it('selects by fields of the kind', async () => {
    const { api } = await openTestApi();
    const rules = [{ name: 'down', severity: 'critical', expr: '!up' }];
    for (const suspend of [true, false]) {
      const metadata = { name: `p-${suspend}`, namespace: 'default' };
      api.create(monitorPolicies, 'default', {
        apiVersion: 'foghorn.dev/v1alpha1',
        kind: 'MonitorPolicy',
        metadata,
        spec: { selector: {}, rules, suspend },
      });
    }
    expect(api.list(monitorPolicies, { fieldSelector: 'spec.suspend=true' }).items).toHaveLength(1);
    expect(api.list(monitorPolicies, { fieldSelector: 'metadata.name!=p-true' }).items).toHaveLength(1);
    expect(refusal(() => api.list(monitorPolicies, { fieldSelector: 'spec.nope=x' })).message).toBe(
      'field label not supported: spec.nope',
    );
  });
});
