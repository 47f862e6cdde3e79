import { beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { createGarbageCollector } from '../apiserver/garbage.ts';
import { openTestApi, type TestApi } from '../apiserver/test-api.ts';
import { StatusError, unavailable } from '../kube/status.ts';
import { alerts as alertResource, monitorPolicies, type ResourceClient } from '../kube/client.ts';
import { createSilentLog } from '../log.ts';
import type { FiringAlert } from '../model/alert.ts';
import { createProblems, type Problems } from '../problems.ts';
import { ACKNOWLEDGED_ANNOTATION } from './acknowledgement.ts';
import { createAlertStore, type AlertStore, type AlertStoreDeps } from './alert-store.ts';

const alert: FiringAlert = {
  key: 'default/web|cpu|local/web',
  policy: 'default/web',
  policyUid: 'uid-web',
  rule: 'cpu',
  target: { id: 'local/web', host: 'local', namespace: '', name: 'web' },
  state: 'firing',
  severity: 'warning',
  message: 'cpu is 85.2',
  actions: ['look'],
  values: { cpu: 85.2 },
  levels: [{ severity: 'warning', breachedSince: 1000, firing: true }],
  eventLike: false,
  pendingSince: 1000,
  firedAt: 2000,
  notified: { count: 0, resolvedTold: true, flaps: 0 },
};

/** As a namespace answers that is being terminated. */
function refuse(): Promise<never> {
  return Promise.reject(new StatusError('Forbidden', { message: 'the namespace is being terminated', code: 403 }));
}

async function annotate(client: ResourceClient): Promise<void> {
  const { items } = await client.list(alertResource);
  const marked = { [ACKNOWLEDGED_ANNOTATION]: 'ann' };
  for (const object of items)
    await client.update(alertResource, { ...object, metadata: { ...object.metadata, annotations: marked } });
}

async function annotations(client: ResourceClient): Promise<readonly unknown[]> {
  const { items } = await client.list(alertResource);
  return items.map(({ metadata }) => metadata.annotations?.[ACKNOWLEDGED_ANNOTATION]);
}

describe('alerts as objects', () => {
  let opened: TestApi;
  let client: ResourceClient;
  let problems: Problems;
  let store: AlertStore;
  let isAway: boolean;
  let told: string[];
  let deps: AlertStoreDeps;

  beforeEach(async () => {
    opened = await openTestApi();
    isAway = false;
    const embedded = createEmbeddedClient({ api: opened.api, fieldManager: 'test' });
    client = {
      ...embedded,
      get: (...args) => (isAway ? Promise.reject(unavailable('disk full')) : embedded.get(...args)),
    };
    problems = createProblems({ clock: opened.clock, log: createSilentLog() });
    told = [];
    deps = {
      client,
      problems,
      clock: opened.clock,
      recorder: { record: ({ metadata }, _type, reason) => told.push(`${reason} ${metadata.uid === undefined}`) },
    };
    store = createAlertStore(deps);
  });

  it('are read back as they were written', async () => {
    await store.save([alert]);
    expect(await store.load()).toEqual([alert]);
  });

  it('keep who acknowledged them while they fire, and not for the next firing', async () => {
    await store.save([alert]);
    await annotate(client);
    await store.save([{ ...alert, severity: 'critical' }]);
    expect(await annotations(client)).toEqual(['ann']);
    await store.save([{ ...alert, state: 'resolved', resolvedAt: 3000, resolvedReason: 'cleared' }]);
    expect(await annotations(client)).toEqual([undefined]);
  });

  it('carry labels that follow the severity, so that selectors find them', async () => {
    await store.save([alert]);
    await store.save([{ ...alert, severity: 'critical' }]);
    const { items } = await client.list(alertResource, { labelSelector: 'foghorn.dev/severity=critical' });
    expect(items).toHaveLength(1);
  });

  it('are one object, however often and by whomever they are written', async () => {
    await Promise.all([store.save([alert]), createAlertStore(deps).save([alert])]);
    expect((await client.list(alertResource)).items).toHaveLength(1);
  });

  it('wait while the store is away, which is said, and are written with their newest truth when it is back', async () => {
    isAway = true;
    await store.save([alert]);
    await store.save([{ ...alert, severity: 'critical' }]);
    expect(store.waiting()).toBe(1);
    expect(problems.list()[0]?.message).toContain('disk full');
    isAway = false;
    await store.flush();
    expect(await store.load()).toMatchObject([{ severity: 'critical' }]);
    expect(problems.list()).toEqual([]);
  });

  it('do not wait for one that is refused, which is tried again', async () => {
    let isEnding = true;
    const create: ResourceClient['create'] = (resource, object, options) =>
      isEnding && object.metadata.namespace === 'ending' ? refuse() : client.create(resource, object, options);
    store = createAlertStore({ ...deps, client: { ...client, create } });
    const inEnding = { ...alert, policy: 'ending/web', key: 'ending/web|cpu|local/web' };
    await store.save([inEnding, alert]);
    expect(await store.load()).toEqual([alert]);
    expect(store.waiting()).toBe(0);
    expect(problems.list()[0]?.message).toContain('being terminated');
    isEnding = false;
    await store.flush();
    expect(await store.load()).toHaveLength(2);
    expect(problems.list()).toEqual([]);
  });

  it('are no trouble any more when those that were refused are gone', async () => {
    store = createAlertStore({ ...deps, client: { ...client, create: refuse } });
    await store.save([alert]);
    expect(problems.list()).toHaveLength(1);
    await store.remove([alert]);
    expect(problems.list()).toEqual([]);
  });

  it('have their history told about them once, whatever is written again', async () => {
    await store.save([alert]);
    await store.save([alert]);
    isAway = true;
    await store.save([{ ...alert, severity: 'critical' }]);
    isAway = false;
    await store.save([{ ...alert, severity: 'critical', silencedBy: 'works' }]);
    expect(told).toEqual(['Firing false', 'Escalated false', 'Held false']);
  });

  it('go with their policy', async () => {
    const policy = await client.create(monitorPolicies, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'MonitorPolicy',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: {}, rules: [{ name: 'cpu', severity: 'warning', expr: 'cpu > 80.0' }] },
    });
    await store.save([{ ...alert, policyUid: policy.metadata.uid ?? '' }]);
    const collector = createGarbageCollector({ ...opened, log: createSilentLog() });
    collector.start();
    await client.delete(monitorPolicies, 'default', 'web');
    await collector.idle();
    await collector.stop();
    expect((await client.list(alertResource)).items).toEqual([]);
  });
});
