import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silences } from '../kube/client.ts';
import { StatusError } from '../kube/status.ts';
import { anyJson, prototypeKeys } from './apply/test-values.ts';
import { openTestApi, silence } from './test-api.ts';

const target = { namespace: 'default', name: 'a' };
const configuration = (duration: string) => ({ ...silence('a'), spec: { duration } });

describe('apply', () => {
  it('creates what is not there', async () => {
    const { api } = await openTestApi();
    const { object, isNew } = api.apply(silences, target, configuration('1h'), { fieldManager: 'me' });
    expect(isNew).toBe(true);
    expect(object.metadata).toMatchObject({
      name: 'a',
      generation: 1,
      managedFields: [{ manager: 'me', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:duration': {} } } }],
    });
    expect(api.get(silences, 'default', 'a')).toEqual(object);
  });

  it('of the same again writes nothing, and no event is sent', async () => {
    const { api, clock, store } = await openTestApi();
    const first = api.apply(silences, target, configuration('1h'), { fieldManager: 'me' });
    const version = store.resourceVersion();
    await clock.advance(60_000);
    const second = api.apply(silences, target, configuration('1h'), { fieldManager: 'me' });
    expect(second).toEqual({ ...first, isNew: false });
    expect(store.resourceVersion()).toBe(version);
  });

  it('of another value conflicts, and by force takes the field over', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'), { fieldManager: 'creator' });
    const apply = (force: boolean) => () =>
      api.apply(silences, target, configuration('2h'), { fieldManager: 'me', force });
    expect(refusal(apply(false))).toMatchObject({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "creator" using foghorn.dev/v1alpha1: .spec.duration',
    });
    const { object } = apply(true)();
    expect(object).toMatchObject({ spec: { duration: '2h' }, metadata: { generation: 2 } });
  });

  it('in a dry run stores nothing', async () => {
    const { api } = await openTestApi();
    const { object } = api.apply(silences, target, configuration('1h'), { fieldManager: 'me', dryRun: true });
    expect(object.spec).toEqual({ duration: '1h' });
    expect(() => api.get(silences, 'default', 'a')).toThrow('not found');
  });

  it('by the way of status leaves the rest', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    const body = { ...configuration('9h'), status: { observedGeneration: 1 } };
    const { object } = api.apply(silences, target, body, { fieldManager: 'me', part: 'status' });
    expect(object).toMatchObject({ spec: { duration: '1h' }, status: { observedGeneration: 1 } });
    expect(object.metadata).toMatchObject({
      managedFields: [
        { manager: 'me', subresource: 'status', fieldsV1: { 'f:status': { 'f:observedGeneration': {} } } },
        { manager: 'unknown' },
      ],
    });
  });

  it.each([
    ['another kind', { kind: 'Alert' }, 400, 'invalid object type: foghorn.dev/v1alpha1, Kind=Alert'],
    ['another name', { metadata: { name: 'b' } }, 400, 'the name of the object (b) does not match'],
    ['another namespace', { metadata: { name: 'a', namespace: 'x' } }, 400, 'namespace of the provided object'],
    ['no name', { metadata: {} }, 400, 'the name of the object (a based on URL) was undeterminable'],
    ['a uid', { metadata: { name: 'a', uid: 'u' } }, 409, 'uid mismatch: the provided object specified uid u'],
    ['a field that is not known', { spec: { colour: 'red' } }, 500, '.spec.colour: field not declared in schema'],
    [
      'a null for a field without a default',
      { spec: { duration: '1h', comment: null } },
      422,
      'must be of type string',
    ],
    ['a value that breaks a rule', { spec: { duration: 'soon' } }, 422, 'spec.duration'],
  ])('of %s is refused', async (_name, change, code, message) => {
    const { api } = await openTestApi();
    const body = { ...silence('a'), ...change };
    const answer = refusal(() => api.apply(silences, target, body, { fieldManager: 'me' }));
    expect(answer?.code).toBe(code);
    expect(answer?.message).toContain(message);
  });

  it('of a version that is not the present one conflicts', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    const body = { ...silence('a'), metadata: { name: 'a', resourceVersion: '1' } };
    expect(refusal(() => api.apply(silences, target, body, { fieldManager: 'me' }))).toMatchObject({ code: 409 });
  });

  it('of a uid that is not the present one is invalid', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    const body = { ...silence('a'), metadata: { name: 'a', uid: 'u' } };
    const answer = refusal(() => api.apply(silences, target, body, { fieldManager: 'me' }));
    expect(answer).toMatchObject({ code: 422, details: { causes: [{ field: 'metadata.uid' }] } });
  });

  it('that takes the last finalizer of an object in deletion removes it', async () => {
    const { api } = await openTestApi();
    const finalized = { ...silence('a'), metadata: { name: 'a', finalizers: ['foghorn.dev/cleanup'] } };
    api.apply(silences, target, finalized, { fieldManager: 'me' });
    api.delete(silences, target);
    api.apply(silences, target, silence('a'), { fieldManager: 'me' });
    expect(() => api.get(silences, 'default', 'a')).toThrow('not found');
  });
});

describe('whatever is applied or patched', () => {
  it('has an outcome, or a Status below 500 or that of a field which the schema does not know', async () => {
    const { api } = await openTestApi();
    const before = prototypeKeys();
    api.apply(silences, target, configuration('1h'), { fieldManager: 'me' });
    fc.assert(
      fc.property(anyJson, fc.boolean(), fc.constantFrom('main' as const, 'status' as const), (body, force, part) => {
        const options = { fieldManager: 'you', force, part };
        const answers = [
          refusal(() => api.apply(silences, target, body, options)),
          refusal(() => api.apply(silences, target, { ...silence('a'), metadata: body }, options)),
          refusal(() => api.apply(silences, target, { ...silence('a'), spec: body, status: body }, options)),
          refusal(() => api.patch(silences, target, { type: 'merge', body: { metadata: body } }, options)),
          refusal(() => api.patch(silences, target, { type: 'merge', body: { metadata: { managedFields: body } } })),
          refusal(() => api.patch(silences, target, { type: 'json', body }, options)),
        ];
        const faults = answers.flatMap((answer) => (answer !== undefined && answer.code >= 500 ? [answer] : []));
        expect(faults.filter(({ message }) => !message.startsWith('failed to create typed patch object'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(prototypeKeys()).toEqual(before);
  });
});

describe('managed fields', () => {
  it('are those of every write, and a write without effect leaves their times', async () => {
    const { api, clock } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'), { fieldManager: 'me' });
    await clock.advance(60_000);
    const labelled = { ...object, metadata: { ...object.metadata, labels: { a: 'b' } } };
    const { object: second } = api.update(silences, target, labelled, { fieldManager: 'you' });
    await clock.advance(60_000);
    expect(api.update(silences, target, second, { fieldManager: 'me' }).object).toEqual(second);
    expect(second.metadata).toMatchObject({ managedFields: [{ manager: 'me' }, { manager: 'you' }] });
  });

  it('can be replaced, as kubectl does when it goes from one way of applying to the other', async () => {
    const { api } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'), { fieldManager: 'kubectl-client-side-apply' });
    const entry = {
      manager: 'kubectl',
      operation: 'Apply',
      apiVersion: 'foghorn.dev/v1alpha1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:duration': {} } },
    };
    const body = { ...object, metadata: { ...object.metadata, managedFields: [entry] } };
    expect(api.update(silences, target, body).object.metadata).toMatchObject({ managedFields: [entry] });
  });

  it('that are not valid leave those that are stored', async () => {
    const { api } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'), { fieldManager: 'me' });
    const body = { ...object, metadata: { ...object.metadata, managedFields: [{ manager: 'you' }] } };
    expect(api.update(silences, target, body).object).toEqual(object);
  });

  it('are forgotten when they are emptied', async () => {
    const { api } = await openTestApi();
    const { object } = api.create(silences, 'default', silence('a'));
    const body = { ...object, metadata: { ...object.metadata, managedFields: [{}] } };
    expect(api.update(silences, target, body).object.metadata).not.toHaveProperty('managedFields');
  });
});

function refusal(call: () => unknown): StatusError['status'] | undefined {
  try {
    call();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof StatusError) return thrown.status;
    throw thrown;
  }
}
