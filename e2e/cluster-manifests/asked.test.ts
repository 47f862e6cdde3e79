import { once } from 'node:events';
import { createServer } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import {
  loadTests,
  monitorPolicies,
  silences,
  type KubeObject,
  type Resource,
} from '../../controller/src/kube/client.ts';
import { webPod } from '../cluster/pod-objects.ts';
import { NAMESPACE, startSimulatedCluster, type SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { createSimulatedLogs, startSimulatedJobs } from '../cluster/simulated-jobs.ts';
import { portOf } from '../email/fake-ses.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { until } from '../until.ts';
import { OWN_NAMESPACE, watch, type Asked } from './asked.ts';
import { buildManifests, type ManifestObject } from './built-manifests.ts';
import { isGranted, rightsOf, rightText, type Right } from './rights.ts';

const WAIT_MS = 90_000;
const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };

/** Rights that are for what does not happen in this test. */
const usedElsewhere = [
  // People on the page, the policy folder, the end of built-in policies and of old alerts, scheduled load tests.
  ...['create', 'get', 'update', 'delete'].map((verb) => `${verb} silences.foghorn.dev`),
  ...['create', 'delete'].map((verb) => `${verb} loadtests.foghorn.dev`),
  ...['update', 'delete'].map((verb) => `${verb} monitorpolicies.foghorn.dev`),
  ...['update', 'delete'].map((verb) => `${verb} alerts.foghorn.dev`),
  // An event that is told again.
  ...['get', 'update'].map((verb) => `${verb} events`),
  // The count of mails, once it is there.
  'update configmaps foghorn-mail-budget',
  // Asked by an admission plugin, and by kubelets.
  'update loadtests.foghorn.dev/finalizers',
  'get nodes/stats',
  'get nodes/metrics',
  // Replicas that do not lead, one each.
  ...[1, 2, 3, 4, 5, 6, 7].map((place) => `update leases.coordination.k8s.io foghorn-controller-shard-${place}`),
  // A kubelet that cannot be asked.
  'list pods.metrics.k8s.io',
];

/** The count of mails, by who stops. */
const usedAtEnd = 'create configmaps';

/** Where load tests run: to end one by force. */
const usedSeldom = [`patch jobs.batch in ${NAMESPACE}`];

describe('a controller in a cluster', { timeout: 300_000 }, () => {
  beforeEach((context) => skipUnless(context, requireKubectl()));

  it.each<{ folder: string; namespace: string; settings: Readonly<Record<string, string>> }>([
    { folder: 'base', namespace: NAMESPACE, settings: {} },
    { folder: 'variants/shards', namespace: NAMESPACE, settings: { SHARDS: '8' } },
    { folder: 'overlays/namespaced', namespace: OWN_NAMESPACE, settings: { CLUSTER_NAMESPACE: OWN_NAMESPACE } },
  ])('asks for what the roles of $folder grant, and they grant nothing that it never asks for', async (installed) => {
    const { folder, namespace, settings } = installed;
    const cluster = await startSimulatedCluster();
    onTestFinished(() => cluster.close());
    await populate(cluster, namespace);
    const rights = rightsOf(buildManifests(folder), 'foghorn-controller');
    const unused = (asked: readonly Right[]): readonly string[] =>
      rights
        .filter((right) => !asked.some((one) => isGranted(one, [right])))
        .map((right) => rightText({ ...right, namespace: undefined }))
        .filter((name) => !usedElsewhere.includes(name));
    const isSo = async (asked: Asked, mails: readonly unknown[]): Promise<void> => {
      await watchedAll(asked, mails);
      await expect.poll(() => unused([...asked.values()])).toEqual([usedAtEnd]);
    };
    const asked = await watch(cluster, isSo, settings);
    expect(unused(asked)).toEqual([]);
    expect(asked.map(rightText)).toContain(`create alerts.foghorn.dev in ${namespace}`);
    expect(asked.filter((right) => !isGranted(right, rights)).map(rightText)).toEqual([]);
  });

  it('asks for what is bound where load tests may run, and for no more, when it runs one', async () => {
    const logs = createSimulatedLogs();
    const cluster = await startSimulatedCluster(logs.podLogs);
    onTestFinished(() => cluster.close());
    const simulation = startSimulatedJobs(cluster.client, logs);
    onTestFinished(() => simulation.stop());
    const target = createServer((_request, response) => response.writeHead(500).end()).listen(0, '127.0.0.1');
    onTestFinished(() => void target.close());
    await once(target, 'listening');
    await cluster.client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OWN_NAMESPACE } });
    await cluster.client.create(loadTests, failingLoadTest(`http://127.0.0.1:${portOf(target.address())}`));
    const asked = await watch(cluster, loadTestEnded);
    const rights = rightsOf([...buildManifests('base'), boundForLoadTests], 'foghorn-controller');
    expect(asked.filter((right) => !isGranted(right, rights)).map(rightText)).toEqual([]);
    const bound = rights.filter(({ namespace }) => namespace === NAMESPACE);
    const unused = bound.filter((right) => !asked.some((one) => isGranted(one, [right]))).map(rightText);
    expect(unused).toEqual(usedSeldom);
  });
});

const boundForLoadTests: ManifestObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'foghorn-load-generators', namespace: NAMESPACE },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'foghorn-load-generators' },
  subjects: [{ kind: 'ServiceAccount', name: 'foghorn-controller', namespace: OWN_NAMESPACE }],
};

/** Its generators are asked to end. */
function failingLoadTest(url: string): KubeObject {
  const thresholds = [{ name: 'errors', expr: 'errors == 0', abortOnFail: true }];
  const stages = [{ duration: '60s', rate: 5 }];
  return declared(NAMESPACE, 'LoadTest', {
    target: { url },
    endpoints: [{ path: '/' }],
    stages,
    parallelism: 2,
    thresholds,
  });
}

/** A container that breaks a rule, a silence and a load test; the controller adds the built-in policies. */
async function populate({ client, putPod, use }: SimulatedCluster, namespace: string): Promise<void> {
  const startedAt = systemClock.now() - 60_000;
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OWN_NAMESPACE } });
  await putPod(webPod({ name: 'web-a-1', namespace, image: 'shop/web:1', hash: 'a', startedAt }));
  use('web-a-1', { container: 'web', cores: 0.05, memoryBytes: 1024 * 1024, since: startedAt });
  const rules = [{ name: 'runs', severity: 'critical', expr: 'up' }];
  await client.create(monitorPolicies, declared(namespace, 'MonitorPolicy', { selector: {}, interval: '5s', rules }));
  await client.create(silences, declared(namespace, 'Silence', { duration: '1h', containerNames: ['another'] }));
  const stages = [{ duration: '10s', rate: 1 }];
  await client.create(
    loadTests,
    declared(namespace, 'LoadTest', { suspend: true, target: { url: 'http://web:80' }, stages }),
  );
}

function declared(namespace: string, kind: string, spec: object): KubeObject {
  return { apiVersion: 'foghorn.dev/v1alpha1', kind, metadata: { name: 'one', namespace }, spec };
}

/** Until the alert is told and everything is written. */
async function watchedAll(asked: Asked, mails: readonly unknown[]): Promise<void> {
  await until('the mail', WAIT_MS, () => (mails.length > 0 ? true : undefined));
  const renewed = `update leases.coordination.k8s.io foghorn-controller in ${OWN_NAMESPACE}`;
  await until('the Lease to be renewed', WAIT_MS, () => asked.has(renewed) || undefined);
  const stored = (): boolean => [...asked.keys()].some((text) => text.startsWith('update alerts.foghorn.dev/status'));
  await until('the alert to be written', WAIT_MS, () => (stored() ? true : undefined));
}

/** Until the generators have ended, and nothing is left of them. */
async function loadTestEnded(asked: Asked): Promise<void> {
  for (const what of ['patch pods ', 'delete jobs.batch ']) {
    const isThere = (): boolean => [...asked.keys()].some((text) => text.startsWith(what));
    await until(what, WAIT_MS, () => (isThere() ? true : undefined));
  }
}
