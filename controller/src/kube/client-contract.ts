import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFoghornError, type FoghornErrorCode } from '../errors.ts';
import { monitorPolicies, silences, type KubeObject, type ResourceClient, type WatchEvent } from './client.ts';

export interface ContractClient {
  readonly client: ResourceClient;
  readonly close: () => Promise<void>;
}

/** What every ResourceClient does, whatever serves it. The server must have the CRDs of this repository. */
export function resourceClientContract(name: string, makeClient: () => Promise<ContractClient>): void {
  describe(`ResourceClient: ${name}`, () => {
    let made: ContractClient;
    let client: ResourceClient;
    beforeAll(async () => {
      made = await makeClient();
      client = made.client;
    });
    afterAll(() => made.close());

    const create = (change: Partial<KubeObject['metadata']> = {}) => client.create(silences, silence(change));

    it('gives what it created, with identity, version, generation and defaults', async () => {
      const policy = await client.create(monitorPolicies, {
        apiVersion: 'foghorn.dev/v1alpha1',
        kind: 'MonitorPolicy',
        metadata: { name: newName(), namespace: 'default' },
        spec: { selector: {}, rules: [{ name: 'down', severity: 'critical', expr: '!up' }] },
      });
      expect(policy.metadata).toMatchObject({ generation: 1, uid: expect.any(String) as string });
      expect(policy.spec).toMatchObject({ interval: '30s', cooldown: '5m', suspend: false });
      expect(await client.get(monitorPolicies, 'default', policy.metadata.name)).toEqual(policy);
      await client.delete(monitorPolicies, 'default', policy.metadata.name);
    });

    it('gives undefined for what is not there, to get and to delete', async () => {
      const missing = newName();
      expect(await client.get(silences, 'default', missing)).toBeUndefined();
      expect(await client.delete(silences, 'default', missing)).toBeUndefined();
    });

    it('refuses to create twice', async () => {
      const made1 = await create();
      await expectCode(client.create(silences, silence({ name: made1.metadata.name })), 'AlreadyExists');
    });

    it.each<[string, (object: KubeObject) => KubeObject, FoghornErrorCode]>([
      ['a broken rule', (object) => ({ ...object, spec: {} }), 'Invalid'],
      ['a wrong type', (object) => ({ ...object, spec: { duration: 5 } }), 'Invalid'],
      ['an unknown field', (object) => ({ ...object, spec: { duration: '1h', colour: 'red' } }), 'BadRequest'],
      ['another version', (object) => ({ ...object, apiVersion: 'foghorn.dev/v1' }), 'BadRequest'],
    ])('refuses %s', async (_name, change, code) => {
      await expectCode(client.create(silences, change(silence())), code);
    });

    it('refuses another kind', async () => {
      // Invalid by a cluster, whose schema of a custom resource says so; BadRequest where decoding says so before
      const fault = await faultOf(client.create(silences, { ...silence(), kind: 'Alert' }));
      expect(isFoghornError(fault, 'Invalid') || isFoghornError(fault, 'BadRequest'), `got ${String(fault)}`).toBe(
        true,
      );
    });

    it('replaces spec, counts the generation and leaves status alone', async () => {
      const before = await create();
      const told = await client.updateStatus(silences, { ...before, status: { state: 'Active' } });
      const after = await client.update(silences, { ...told, spec: { duration: '2h' }, status: { state: 'Expired' } });
      expect(after).toMatchObject({
        spec: { duration: '2h' },
        status: { state: 'Active' },
        metadata: { generation: 2 },
      });
    });

    it('replaces status only, and does not count that', async () => {
      const before = await create();
      const after = await client.updateStatus(silences, {
        ...before,
        spec: { duration: '9h' },
        status: { state: 'Active' },
      });
      expect(after).toMatchObject({
        spec: { duration: '1h' },
        status: { state: 'Active' },
        metadata: { generation: 1 },
      });
    });

    it('keeps the version of a write that changes nothing', async () => {
      const before = await create();
      expect((await client.update(silences, before)).metadata).toEqual(before.metadata);
    });

    it('answers Conflict to a write over another version, and NotFound to one over nothing', async () => {
      const first = await create();
      await client.update(silences, { ...first, spec: { duration: '2h' } });
      await expectCode(client.update(silences, { ...first, spec: { duration: '3h' } }), 'Conflict');
      await expectCode(client.updateStatus(silences, { ...first, status: { state: 'x' } }), 'Conflict');
      await client.delete(silences, 'default', first.metadata.name);
      await expectCode(client.update(silences, first), 'NotFound');
    });

    it('lists by namespace and labels, with a version that a watch goes on from', async () => {
      const label = newName();
      const one = await create({ labels: { run: label } });
      const other = await create({ labels: { run: label }, namespace: 'other' });
      await create();
      const all = await client.list(silences, { labelSelector: `run=${label}` });
      expect(new Set(all.items.map((item) => item.metadata.uid))).toEqual(
        new Set([one.metadata.uid, other.metadata.uid]),
      );
      const here = await client.list(silences, { namespace: 'default', labelSelector: `run in (${label})` });
      expect(here.items.map((item) => item.metadata.uid)).toEqual([one.metadata.uid]);
      expect(Number(here.resourceVersion)).toBeGreaterThan(0);
    });

    it('keeps an object with finalizers until they are gone', async () => {
      const before = await create({ finalizers: ['foghorn.dev/cleanup'] });
      const marked = await client.delete(silences, 'default', before.metadata.name);
      expect(marked?.metadata.deletionTimestamp).toBeDefined();
      const { finalizers: _gone, ...rest } = marked!.metadata;
      await client.update(silences, { ...marked!, metadata: rest });
      expect(await client.get(silences, 'default', before.metadata.name)).toBeUndefined();
    });

    it('tells a watcher of every change after a version, in order, and ends when its signal aborts', async () => {
      const label = newName();
      const { resourceVersion } = await client.list(silences);
      const ending = new AbortController();
      const labelSelector = `run=${label}`;
      const seen = collect(
        client.watch(silences, { resourceVersion, labelSelector, signal: ending.signal }),
        (events) => events.length === 4,
      );
      const first = await create({ labels: { run: label } });
      const second = await client.update(silences, { ...first, spec: { duration: '2h' } });
      await client.update(silences, { ...second, metadata: { ...second.metadata, labels: { run: 'away' } } });
      await create({ labels: { run: label } });
      const events = await seen;
      ending.abort();
      expect(events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED', 'ADDED']);
      const versions = events.map((event) =>
        event.type === 'BOOKMARK' ? 0 : Number(event.object.metadata.resourceVersion),
      );
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
    });

    it('ends a watch that waits when its signal aborts', async () => {
      const { resourceVersion } = await client.list(silences);
      const ending = new AbortController();
      const seen = collect(client.watch(silences, { resourceVersion, signal: ending.signal }), () => false);
      ending.abort();
      expect(await seen).toEqual([]);
    });
  });
}

function silence(change: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'Silence',
    metadata: { name: newName(), namespace: 'default', ...change },
    spec: { duration: '1h' },
  };
}

function newName(): string {
  return `contract-${randomUUID()}`;
}

async function collect(
  watch: AsyncIterable<WatchEvent>,
  isEnough: (events: readonly WatchEvent[]) => boolean,
): Promise<readonly WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watch) {
    if (event.type !== 'BOOKMARK') events.push(event);
    if (isEnough(events)) break;
  }
  return events;
}

async function expectCode(call: Promise<unknown>, code: FoghornErrorCode): Promise<void> {
  const fault = await faultOf(call);
  expect(isFoghornError(fault, code), `expected ${code}, got ${String(fault)}`).toBe(true);
}

function faultOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}
