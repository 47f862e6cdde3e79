import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alerts, monitorPolicies, type KubeObject } from '../../controller/src/kube/client.ts';
import { startFakeSes, type FakeSes } from '../email/fake-ses.ts';
import { until } from '../until.ts';
import { mailSettings, startClusterController, type ClusterController } from './cluster-controller.ts';
import { webPod } from './pod-objects.ts';
import { NAMESPACE, startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';

const WAIT_MS = 90_000;
const REPLICAS = 30;
/** A quarter of them at a time, as a Deployment does. */
const BATCH = 8;

const policy: KubeObject = {
  apiVersion: 'foghorn.dev/v1alpha1',
  kind: 'MonitorPolicy',
  metadata: { name: 'web', namespace: NAMESPACE },
  spec: {
    interval: '1s',
    selector: { matchLabels: { app: 'web' } },
    rules: [
      { name: 'deploy', severity: 'info', expr: 'deployed' },
      { name: 'restart', severity: 'warning', expr: 'restarted' },
      { name: 'crash', severity: 'critical', expr: 'crashed' },
      { name: 'down', severity: 'critical', expr: '!up' },
    ],
    notify: { sendResolved: false },
  },
};

describe('a rollout of thirty replicas', { timeout: 240_000 }, () => {
  let cluster: SimulatedCluster;
  let controller: ClusterController | undefined;
  let ses: FakeSes;

  beforeAll(async () => {
    ses = await startFakeSes();
    cluster = await startSimulatedCluster();
    for (let index = 0; index < REPLICAS; index += 1) await start('a', index);
    await cluster.client.create(monitorPolicies, policy);
    controller = await startClusterController(cluster, {
      DEFAULT_POLICY: 'false',
      ...mailSettings(ses.url),
      LOG_LEVEL: 'error',
    });
  }, 180_000);
  afterAll(async () => {
    await controller?.stop();
    await cluster.close();
    await ses.close();
  });

  async function start(hash: string, index: number): Promise<void> {
    const startedAt = Date.now() - 60_000;
    const name = `web-${hash}-${index}`;
    cluster.use(name, { container: 'web', cores: 0.01, memoryBytes: 1024 * 1024, since: startedAt });
    await cluster.putPod(webPod({ name, image: `shop/web:${hash}`, hash, startedAt }));
  }

  const matched = (count: number): Promise<boolean> =>
    until(`${count} are watched`, WAIT_MS, async () => {
      const { status } = (await cluster.client.get(monitorPolicies, NAMESPACE, 'web')) ?? {};
      return JSON.stringify(status ?? {}).includes(`"matched":${count},`) || undefined;
    });

  it('is one note: nobody is down, and none is told of restarts', async () => {
    await matched(REPLICAS);
    for (let from = 0; from < REPLICAS; from += BATCH) {
      for (let index = from; index < Math.min(from + BATCH, REPLICAS); index += 1) await start('b', index);
      for (let index = from; index < Math.min(from + BATCH, REPLICAS); index += 1) {
        await cluster.removePod(`web-a-${index}`);
        cluster.use(`web-a-${index}`, undefined);
      }
    }
    await until('the note', WAIT_MS, async () => ses.accepted.find(({ subject }) => subject.includes('deploy')));
    await matched(REPLICAS);
    const { items } = await cluster.client.list(alerts, { namespace: NAMESPACE });
    expect(items.map(({ spec }) => (spec as { rule: string }).rule)).toEqual(['deploy']);
    expect(ses.accepted.map(({ subject }) => subject)).toHaveLength(1);
  });
});
