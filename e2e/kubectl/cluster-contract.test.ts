import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAdmission } from '../../controller/src/apiserver/admission.ts';
import { createApi } from '../../controller/src/apiserver/api.ts';
import { createApiServer } from '../../controller/src/apiserver/http/server.ts';
import { loadKinds } from '../../controller/src/apiserver/kinds.ts';
import { serveNewEvents } from '../../controller/src/apiserver/new-events.ts';
import { publish } from '../../controller/src/apiserver/publish.ts';
import { openStore } from '../../controller/src/apiserver/store.ts';
import { systemClock } from '../../controller/src/clock.ts';
import { resourceClientContract } from '../../controller/src/kube/client-contract.ts';
import { silences, type KubeObject, type Resource, type ResourceClient } from '../../controller/src/kube/client.ts';
import { createClusterClient } from '../../controller/src/kube/cluster.ts';
import { createInformer } from '../../controller/src/kube/informer.ts';
import { isFoghornError } from '../../controller/src/errors.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { until } from '../until.ts';

/** Of tries to connect again, the longest wait is 30 s. */
const RESTART_MS = 45_000;
const clock = systemClock;
const log = createSilentLog();
const written = { fieldManager: 'test' };

/** The embedded API behind its HTTPS face, and a client of it that knows no more than the kubeconfig. */
async function openCluster() {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-cluster-'));
  const kinds = await loadKinds(join(import.meta.dirname, '../../crds'));
  const store = openStore({ file: join(folder, 'objects.db'), clock });
  const api = createApi({ store, kinds, clock, admission: createAdmission({ kinds, validators: {} }) });
  const stopNamespaces = publish({ api, store, kinds, fieldManager: 'foghorn-controller', clock });
  const kubeconfig = join(folder, 'kubeconfig');
  const url = 'https://127.0.0.1:0';
  const open = (port: number): ReturnType<typeof createApiServer> =>
    createApiServer(
      {
        host: '127.0.0.1',
        port,
        pkiDir: join(folder, 'pki'),
        kubeconfigFile: join(folder, 'first'),
        url,
        version: 'test',
      },
      { ...serveNewEvents({ api, kinds }), clock, log, isReady: () => true },
    );
  let server = await open(0);
  const { port } = await server.start();
  writeFileSync(kubeconfig, readFileSync(join(folder, 'first'), 'utf8').replace(url, `https://127.0.0.1:${port}`));
  const client = createClusterClient({ kubeconfig, clock, log });
  const close = async (): Promise<void> => {
    await client.close();
    await server.stop();
    stopNamespaces();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    api,
    client,
    kubeconfig,
    stopServer: () => server.stop(),
    async startServer(): Promise<void> {
      server = await open(port);
      await server.start();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

resourceClientContract('cluster adapter on the embedded API over HTTPS', async () => {
  const cluster = await openCluster();
  await ensureNamespace(cluster.client, 'other');
  return cluster;
});

const kubeconfigForTests = process.env['KUBECONFIG_FOR_TESTS'];
if (kubeconfigForTests !== undefined && kubeconfigForTests !== '') {
  resourceClientContract('cluster adapter on the cluster of KUBECONFIG_FOR_TESTS', async () => {
    const client = createClusterClient({ kubeconfig: kubeconfigForTests, clock, log });
    await ensureNamespace(client, 'other');
    return { client, close: () => client.close() };
  });
}

/** A server of custom resources only has no namespaces, and needs none. */
async function ensureNamespace(client: ResourceClient, name: string): Promise<void> {
  const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };
  try {
    await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  } catch (thrown) {
    if (!isFoghornError(thrown, 'AlreadyExists') && !isFoghornError(thrown, 'NotFound')) throw thrown;
  }
}

describe('cluster adapter', () => {
  it('reads a list of many pages as one', async () => {
    await using cluster = await openCluster();
    for (let index = 0; index < 1001; index += 1)
      cluster.api.create(silences, 'default', silence(`s-${index}`), written);
    const { items } = await cluster.client.list(silences);
    expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(1001);
  });

  it('stores nothing for a dry run, and drops unknown fields when told to', async () => {
    await using cluster = await openCluster();
    const { client } = cluster;
    const unknown = { ...silence('a'), spec: { duration: '1h', colour: 'red' } };
    expect(await client.create(silences, silence('a'), { dryRun: true })).toMatchObject({ metadata: { name: 'a' } });
    expect(await client.get(silences, 'default', 'a')).toBeUndefined();
    const stored = await client.create(silences, unknown, { fieldValidation: 'Ignore' });
    expect(stored.spec).toEqual({ duration: '1h' });
    expect(await client.delete(silences, 'default', 'a')).toMatchObject({
      kind: 'Silence',
      metadata: { name: 'a', namespace: 'default', uid: stored.metadata.uid },
    });
  });

  it('uses connections again for calls that follow each other', async () => {
    await using cluster = await openCluster();
    let connections = 0;
    const connected = (): void => {
      connections += 1;
    };
    subscribe('undici:client:connected', connected);
    for (let index = 0; index < 20; index += 1) await cluster.client.list(silences);
    unsubscribe('undici:client:connected', connected);
    // the end of an answer may be seen a moment before its connection is free
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('feeds an informer', async () => {
    await using cluster = await openCluster();
    const changed = Promise.withResolvers<string>();
    const onChange = (key: string): void => changed.resolve(key);
    const informer = createInformer({ client: cluster.client, resource: silences, clock, log, onChange });
    informer.start();
    await informer.synced;
    cluster.api.create(silences, 'default', silence('a'), written);
    expect(await changed.promise).toBe('default/a');
    await informer.stop();
  });

  it('feeds an informer through a restart of the server, without a list anew', async () => {
    await using cluster = await openCluster();
    const changed: string[] = [];
    const lists: string[] = [];
    const calls: string[] = [];
    const instruments = {
      called: (method: string, _host: string, code: number | 'error') => calls.push(`${method} ${code}`),
      informer: () => ({ listed: (why: string) => lists.push(why), missed: () => undefined }),
    };
    const client = createClusterClient({ kubeconfig: cluster.kubeconfig, clock, log, instruments });
    const onChange = (key: string): unknown => changed.push(key);
    const informer = createInformer({ client, resource: silences, clock, log, instruments, onChange });
    informer.start();
    await informer.synced;
    await cluster.stopServer();
    cluster.api.create(silences, 'default', silence('while-away'), written);
    await expect(client.list(silences)).rejects.toMatchObject({ code: 'Unavailable' });
    await cluster.startServer();
    await until('what was made meanwhile', RESTART_MS, async () => changed.includes('default/while-away') || undefined);
    cluster.api.create(silences, 'default', silence('afterwards'), written);
    await until('what was made since', RESTART_MS, async () => changed.includes('default/afterwards') || undefined);
    expect(changed).toHaveLength(2);
    expect(lists).toContain('first');
    expect(calls).toEqual(expect.arrayContaining(['GET 200', 'GET error']));
    await informer.stop();
    await client.close();
  }, 60_000);

  it('lists and watches the one namespace that it is bound to', async () => {
    await using cluster = await openCluster();
    await ensureNamespace(cluster.client, 'other');
    const client = createClusterClient({ kubeconfig: cluster.kubeconfig, namespace: 'other', clock, log });
    const elsewhere = silence('elsewhere', 'other');
    cluster.api.create(silences, 'default', silence('here'), written);
    const { resourceVersion } = await client.list(silences);
    cluster.api.create(silences, 'default', silence('here-again'), written);
    cluster.api.create(silences, 'other', elsewhere, written);
    const watch = client.watch(silences, { resourceVersion, signal: new AbortController().signal });
    const { value } = await watch[Symbol.asyncIterator]().next();
    expect(value).toMatchObject({ type: 'ADDED', object: { metadata: elsewhere.metadata } });
    expect((await client.list(silences)).items).toMatchObject([{ metadata: elsewhere.metadata }]);
    await client.close();
  });

  it.each(['..', '.', ''])('asks no other path for the name %j', async (name) => {
    await using cluster = await openCluster();
    await expect(cluster.client.get(silences, 'default', name)).rejects.toMatchObject({ code: 'BadRequest' });
    await expect(cluster.client.delete(silences, 'default', name)).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('shows the token of a file as it is after a rotation: of a minute ago at most', async () => {
    await using cluster = await openCluster();
    const text = readFileSync(cluster.kubeconfig, 'utf8');
    const file = `${cluster.kubeconfig}.token`;
    const token = /token: "?([^"\n]+)"?/.exec(text)?.[1] ?? '';
    // As a pod has it of its service account.
    const provider = JSON.stringify({ name: 'tokenFile', config: { tokenFile: file } });
    writeFileSync(cluster.kubeconfig, text.replaceAll(/token: .*/g, `auth-provider: ${provider}`));
    writeFileSync(file, 'old');
    const client = createClusterClient({ kubeconfig: cluster.kubeconfig, clock, log });
    onTestFinished(() => void vi.useRealTimers());
    await expect(client.list(silences)).rejects.toMatchObject({ code: 'Forbidden' });
    writeFileSync(file, `${token}\n`);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect((await client.list(silences)).items).toEqual([]);
    await client.close();
  });

  it('is refused with a wrong token, and takes the right one when the kubeconfig has it again', async () => {
    await using cluster = await openCluster();
    const text = readFileSync(cluster.kubeconfig, 'utf8');
    writeFileSync(cluster.kubeconfig, text.replaceAll(/token: .*/g, 'token: wrong'));
    const client = createClusterClient({ kubeconfig: cluster.kubeconfig, clock, log });
    await expect(client.list(silences)).rejects.toMatchObject({ code: 'Forbidden' });
    writeFileSync(cluster.kubeconfig, text);
    await expect(client.list(silences)).rejects.toMatchObject({ code: 'Forbidden' });
    expect((await client.list(silences)).items).toEqual([]);
    await client.close();
  });

  it('is unavailable when closed, its watches too', async () => {
    await using cluster = await openCluster();
    const { client } = cluster;
    const { resourceVersion } = await client.list(silences);
    const watch = client.watch(silences, { resourceVersion, signal: new AbortController().signal });
    const over = watch[Symbol.asyncIterator]()
      .next()
      .catch((thrown: unknown) => thrown);
    await client.close();
    expect(await over).toMatchObject({ code: 'Unavailable' });
    await expect(client.list(silences)).rejects.toMatchObject({ code: 'Unavailable' });
  });
});

function silence(name: string, namespace: string = 'default'): KubeObject {
  const metadata = { name, namespace };
  return { apiVersion: 'foghorn.dev/v1alpha1', kind: 'Silence', metadata, spec: { duration: '1h' } };
}
