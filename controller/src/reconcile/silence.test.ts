import { beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { openTestApi, type TestApi } from '../apiserver/test-api.ts';
import { silences as silenceResource, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { Silence } from '../model/silence.ts';
import type { SilenceStatus } from '../model/resources.generated.ts';
import { silenceFromObject } from './silence-from-object.ts';
import { createSilenceReconciler } from './silence.ts';

const createdAt = '2026-11-22T10:00:00Z';

function buildObject(spec: object): KubeObject {
  return {
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'Silence',
    metadata: { name: 'works', namespace: 'default', creationTimestamp: createdAt },
    spec,
  };
}

describe('a Silence is read', () => {
  it.each([
    ['from its creation for its duration', { duration: '2h' }, createdAt, '2026-11-22T12:00:00Z'],
    [
      'from its begin for its duration',
      { startsAt: '2026-12-01T00:00:00Z', duration: '1h30m' },
      '2026-12-01T00:00:00Z',
      '2026-12-01T01:30:00Z',
    ],
    ['to its end', { endsAt: '2026-11-23T00:00:00+01:00' }, createdAt, '2026-11-22T23:00:00Z'],
  ])('%s', (_name, spec, startsAt, endsAt) => {
    expect(silenceFromObject(buildObject(spec))).toMatchObject({
      silence: { key: 'default/works', startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) },
    });
  });

  it('with its weekly window, for ever unless it ends', () => {
    const schedule = { days: ['Saturday', 'Sunday'], start: '22:30', end: '06:00', timeZone: 'Europe/Berlin' };
    expect(silenceFromObject(buildObject({ schedule }))).toMatchObject({
      silence: {
        endsAt: undefined,
        schedule: { days: [6, 0], startMinute: 1350, endMinute: 360, timeZone: 'Europe/Berlin' },
      },
    });
  });

  it('not when its time zone is none', () => {
    const schedule = { start: '22:30', end: '06:00', timeZone: 'Europe/Nowhere' };
    expect(silenceFromObject(buildObject({ schedule }))).toMatchObject({
      kind: 'invalid',
      field: 'spec.schedule.timeZone',
    });
  });
});

describe('a Silence object', () => {
  let opened: TestApi;
  let client: ResourceClient;
  let inForce: Map<string, Silence>;
  let standing: { state: 'Pending' | 'Active' | 'Expired'; matched: number };
  let reconcile: ReturnType<typeof createSilenceReconciler>;
  let stored: KubeObject | undefined;

  beforeEach(async () => {
    opened = await openTestApi();
    client = createEmbeddedClient({ api: opened.api, fieldManager: 'test' });
    inForce = new Map();
    standing = { state: 'Active', matched: 2 };
    reconcile = createSilenceReconciler({
      client,
      clock: opened.clock,
      lookUp: () => stored,
      silences: {
        put: (silence) => inForce.set(silence.key, silence),
        remove: (key) => inForce.delete(key),
        standing: () => standing,
      },
    });
  });

  async function declare(spec: object): Promise<void> {
    const { metadata, ...object } = buildObject(spec);
    stored = await client.create(silenceResource, {
      ...object,
      metadata: { name: metadata.name, namespace: 'default' },
    });
  }

  async function pass(): Promise<SilenceStatus> {
    await reconcile('default/works');
    stored = await client.get(silenceResource, 'default', 'works');
    return stored?.status as SilenceStatus;
  }

  it('is put in force, and says where it stands and what it holds back', async () => {
    await declare({ duration: '1h', rules: ['cpu'] });
    expect(await pass()).toMatchObject({
      state: 'Active',
      matched: 2,
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Valid' }],
    });
    expect([...inForce.values()]).toMatchObject([{ rules: ['cpu'] }]);
  });

  it('writes its status only when it differs', async () => {
    await declare({ duration: '1h' });
    await pass();
    const before = stored?.metadata.resourceVersion;
    await pass();
    expect(stored?.metadata.resourceVersion).toBe(before);
    standing = { state: 'Expired', matched: 0 };
    expect(await pass()).toMatchObject({ state: 'Expired', matched: 0 });
  });

  it('is not in force while it cannot be read, and says why', async () => {
    await declare({ schedule: { start: '01:00', end: '02:00', timeZone: 'Europe/Nowhere' } });
    expect(await pass()).toMatchObject({ conditions: [{ status: 'False', reason: 'InvalidSpec' }] });
    expect(inForce.size).toBe(0);
  });

  it('is out of force when it is deleted', async () => {
    await declare({ duration: '1h' });
    await pass();
    stored = undefined;
    await reconcile('default/works');
    expect(inForce.size).toBe(0);
  });
});
