import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { alerts, monitorPolicies, type KubeObject } from '../../controller/src/kube/client.ts';
import { createClusterClient, type ClusterClient } from '../../controller/src/kube/cluster.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { until } from '../until.ts';
import { startClusterController, type ClusterController } from './cluster-controller.ts';
import { openGivenCluster, type GivenCluster } from './given-cluster.ts';
import { deployments, namespaces } from './simulated-cluster.ts';

/** A real cluster pulls images and starts containers. */
const WAIT_MS = 120_000;
const NAMESPACE = `foghorn-test-${randomUUID().slice(0, 8)}`;
const REPLICAS = 2;
const images = {
  first: process.env['CLUSTER_TEST_IMAGE'] ?? 'registry.k8s.io/pause:3.9',
  second: process.env['CLUSTER_TEST_IMAGE_NEXT'] ?? 'registry.k8s.io/pause:3.10',
};

const policy: KubeObject = {
  apiVersion: 'foghorn.dev/v1alpha1',
  kind: 'MonitorPolicy',
  metadata: { name: 'web', namespace: NAMESPACE },
  spec: {
    interval: '2s',
    selector: { matchLabels: { app: 'web' } },
    rules: [
      { name: 'deploy', severity: 'info', expr: 'deployed' },
      { name: 'down', severity: 'critical', expr: '!up' },
    ],
  },
};

function deployment(image: string): KubeObject {
  const labels = { app: 'web' };
  const resources = { limits: { cpu: '100m', memory: '32Mi' } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image, resources }] } },
    },
  };
}

/** What holds on any cluster, real or simulated: its tests are steps, in this order, in a namespace of their own. */
describe('a controller on a cluster that is given', { timeout: WAIT_MS + 30_000 }, () => {
  let given: GivenCluster;
  let client: ClusterClient;
  let controller: ClusterController | undefined;

  beforeAll(async () => {
    given = await openGivenCluster();
    client = createClusterClient({ kubeconfig: given.kubeconfig, clock: systemClock, log: createSilentLog() });
    await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    await client.create(deployments, deployment(images.first));
    await client.create(monitorPolicies, policy);
    controller = await startClusterController(given, {
      CLUSTER_NAMESPACE: NAMESPACE,
      KUBELET_INSECURE_TLS: String(given.kubeletAuthorityFile === undefined),
      DEFAULT_POLICY: 'false',
      LOG_LEVEL: 'error',
    });
  }, 180_000);
  afterAll(async () => {
    await controller?.stop();
    await client.delete(monitorPolicies, NAMESPACE, 'web');
    await client.delete(deployments, NAMESPACE, 'web');
    await client.delete(namespaces, '', NAMESPACE);
    await client.close();
    await given.close();
  }, 60_000);

  const state = async (): Promise<string> => JSON.stringify(await controller?.get('/api/state'));
  const matched = (count: number): Promise<unknown> =>
    until(`${count} are watched`, WAIT_MS, async () => {
      const status = (await client.get(monitorPolicies, NAMESPACE, 'web'))?.status;
      return JSON.stringify(status ?? {}).includes(`"matched":${count},`) ? status : undefined;
    });

  it('watches the containers of the namespace under the identity of their workload', async () => {
    await matched(REPLICAS);
    expect(await state()).toContain(`kind/${NAMESPACE}/deployment/web/0/main`);
  });

  it('reads what they use', async () => {
    const seen = await until('memory is known', WAIT_MS, async () =>
      (await state()).split('"memoryPercent":').length > REPLICAS ? state() : undefined,
    );
    expect(seen).not.toContain('"kind":"unreachable"');
  });

  it('takes a rollout for one deploy: nobody is down', async () => {
    const present = await client.get(deployments, NAMESPACE, 'web');
    const { spec } = deployment(images.second);
    await client.update(deployments, { ...deployment(''), metadata: { ...present?.metadata, name: 'web' }, spec });
    const told = (): Promise<readonly string[]> =>
      client
        .list(alerts, { namespace: NAMESPACE })
        .then(({ items }) => items.map((alert) => JSON.stringify(alert.spec)));
    await until('the alert', WAIT_MS, async () => ((await told()).length > 0 ? true : undefined));
    await matched(REPLICAS);
    expect((await told()).map((spec_) => /"rule":"(\w+)"/.exec(spec_)?.[1])).toEqual(['deploy']);
  });

  it('watches no more what was deleted', async () => {
    await client.delete(deployments, NAMESPACE, 'web');
    const status = await matched(0);
    expect(JSON.stringify(status)).toContain('NoTargetsMatched');
  });
});
