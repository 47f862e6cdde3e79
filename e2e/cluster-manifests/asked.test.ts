import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { loadConfig } from '../../controller/src/config.ts';
import {
  loadTests,
  monitorPolicies,
  silences,
  type KubeObject,
  type Resource,
} from '../../controller/src/kube/client.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { createApp, type App } from '../../controller/src/wiring/app.ts';
import { webPod } from '../cluster/pod-objects.ts';
import { NAMESPACE, startSimulatedCluster, type SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { startFakeSes } from '../email/fake-ses.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { until } from '../stack/until.ts';
import { buildManifests } from './built-manifests.ts';
import { isGranted, rightFor, rightsOf, rightText, type Right } from './rights.ts';
import { freePort } from '../../controller/src/free-port.ts';

const OWN_NAMESPACE = 'foghorn';
const WAIT_MS = 40_000;
const root = join(import.meta.dirname, '../..');
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
  `update configmaps foghorn-mail-budget in ${OWN_NAMESPACE}`,
  // Asked by an admission plugin, and by kubelets.
  'update loadtests.foghorn.dev/finalizers',
  'get nodes/stats',
  'get nodes/metrics',
  // A kubelet that cannot be asked.
  'list pods.metrics.k8s.io',
];

describe('a controller in a cluster', { timeout: 120_000 }, () => {
  beforeEach((context) => skipUnless(context, requireKubectl()));

  it('asks for what its roles grant, and they grant nothing that it never asks for', async () => {
    const cluster = await startSimulatedCluster();
    onTestFinished(() => cluster.close());
    await populate(cluster);
    const asked = await watchFor(cluster);
    const rights = rightsOf(buildManifests('base'), 'foghorn-controller');
    expect(asked.map(rightText)).toContain(`create alerts.foghorn.dev in ${NAMESPACE}`);
    expect(asked.filter((right) => !isGranted(right, rights)).map(rightText)).toEqual([]);
    const unused = rights.filter((right) => !asked.some((one) => isGranted(one, [right]))).map(rightText);
    expect(unused.filter((right) => !usedElsewhere.includes(right))).toEqual([]);
  });
});

/** A container that breaks a rule, a silence and a load test; the controller adds the built-in policies. */
async function populate({ client, putPod, use }: SimulatedCluster): Promise<void> {
  const startedAt = systemClock.now() - 60_000;
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OWN_NAMESPACE } });
  await putPod(webPod({ name: 'web-a-1', image: 'shop/web:1', hash: 'a', startedAt }));
  use('web-a-1', { container: 'web', cores: 0.05, memoryBytes: 1024 * 1024, since: startedAt });
  const rules = [{ name: 'runs', severity: 'critical', expr: 'up' }];
  await client.create(monitorPolicies, declared('MonitorPolicy', { selector: {}, interval: '5s', rules }));
  await client.create(silences, declared('Silence', { duration: '1h', containerNames: ['another'] }));
  const stages = [{ duration: '10s', rate: 1 }];
  await client.create(loadTests, declared('LoadTest', { suspend: true, target: { url: 'http://web:80' }, stages }));
}

function declared(kind: string, spec: object): KubeObject {
  return { apiVersion: 'foghorn.dev/v1alpha1', kind, metadata: { name: 'one', namespace: NAMESPACE }, spec };
}

/** Runs a controller in this process until the alert is told and everything is written. @returns what it asked for */
async function watchFor(cluster: SimulatedCluster): Promise<readonly Right[]> {
  const asked = new Map<string, Right>();
  const note = (message: unknown): void => {
    const { method, path } = (message as { readonly request: { readonly method: string; readonly path: string } })
      .request;
    if (!/^\/apis?\//.test(path)) return;
    const right = rightFor(method, path);
    asked.set(rightText(right), right);
  };
  const ses = await startFakeSes();
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-rights-'));
  subscribe('undici:request:create', note);
  const app = await openApp(cluster, folder, ses.url);
  try {
    await app.start();
    await until('the mail', WAIT_MS, () => (ses.accepted.length > 0 ? true : undefined));
    const stored = (): boolean => [...asked.keys()].some((text) => text.startsWith('update alerts.foghorn.dev/status'));
    await until('the alert to be written', WAIT_MS, () => (stored() ? true : undefined));
  } finally {
    await app.stop();
    unsubscribe('undici:request:create', note);
    await ses.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return [...asked.values()];
}

async function openApp(cluster: SimulatedCluster, folder: string, sesUrl: string): Promise<App> {
  process.env['AWS_ENDPOINT_URL_SES'] = sesUrl;
  process.env['AWS_ACCESS_KEY_ID'] = 'example';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  const config = loadConfig({
    RUNTIME: 'kubelet',
    CLUSTER_KUBECONFIG: cluster.kubeconfig,
    KUBELET_CA_FILE: cluster.kubeletAuthorityFile,
    POD_NAMESPACE: OWN_NAMESPACE,
    DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    POLICY_DIR: join(folder, 'policies'),
    PORT: String(await freePort()),
    SENDER_EMAIL: 'foghorn@example.com',
    RECIPIENT_EMAILS: 'oncall@example.com',
  });
  const log = createSilentLog();
  return createApp(config, { clock: systemClock, log, crdDir: join(root, 'crds'), webDir: join(root, 'dist') });
}
