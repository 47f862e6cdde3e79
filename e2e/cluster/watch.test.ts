import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alerts, monitorPolicies, type KubeObject } from '../../controller/src/kube/client.ts';
import { startFakeSes, type FakeSes } from '../email/fake-ses.ts';
import { until } from '../until.ts';
import { mailSettings, startClusterController, type ClusterController } from './cluster-controller.ts';
import { webPod } from './pod-objects.ts';
import { NAMESPACE, pods, startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';

const WAIT_MS = 90_000;
const MEBIBYTE = 1024 * 1024;
const WEB = 'kind/default/deployment/web/0/web';

const policy: KubeObject = {
  apiVersion: 'foghorn.dev/v1alpha1',
  kind: 'MonitorPolicy',
  metadata: { name: 'web', namespace: NAMESPACE },
  spec: {
    interval: '5s',
    selector: { matchLabels: { app: 'web' } },
    rules: [
      { name: 'cpu', severity: 'critical', expr: 'cpu > 80' },
      { name: 'crash', severity: 'critical', expr: 'crashed' },
      { name: 'deploy', severity: 'info', expr: 'deployed' },
      { name: 'down', severity: 'critical', expr: '!up' },
    ],
  },
};

/** One controller on one cluster, through a life: its tests are steps, in this order. */
describe('a controller in a cluster', { timeout: 240_000 }, () => {
  let cluster: SimulatedCluster;
  let controller: ClusterController | undefined;
  let ses: FakeSes;
  const startedAt = Date.now() - 60_000;
  const first = { name: 'web-a-1', image: 'shop/web:1', hash: 'a', startedAt };

  beforeAll(async () => {
    ses = await startFakeSes();
    cluster = await startSimulatedCluster();
    await cluster.putPod(webPod(first));
    cluster.use(first.name, { container: 'web', cores: 0.05, memoryBytes: 64 * MEBIBYTE, since: startedAt });
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

  async function firing(rule: string): Promise<KubeObject | undefined> {
    const { items } = await cluster.client.list(alerts, { namespace: NAMESPACE });
    return items.find((alert) => JSON.stringify(alert.spec).includes(`"rule":"${rule}"`));
  }

  function subjects(): readonly string[] {
    return ses.accepted.map(({ subject }) => subject);
  }

  it('shows the containers of pods with what they use, under the identity of their workload', async () => {
    const seen = await until('CPU is known', WAIT_MS, async () => {
      const state = JSON.stringify(await controller?.get('/api/state'));
      return /"cpuPercent":1\d(\.\d+)?,/.test(state) ? state : undefined;
    });
    expect(seen).toContain(WEB);
    expect(seen).toContain('"memoryPercent":25');
    expect(seen).toContain('"host":"node-1"');
  });

  it('brings a policy of the cluster to work and says so in its status', async () => {
    const status = await until('the policy is ready', WAIT_MS, async () => {
      const found = await cluster.client.get(monitorPolicies, NAMESPACE, 'web');
      return JSON.stringify(found?.status ?? {}).includes('"matched":1') ? found?.status : undefined;
    });
    expect(JSON.stringify(status)).toMatch(/"type":"Ready","status":"True"|"status":"True","type":"Ready"/);
  });

  it('watches other namespaces only when its namespaceSelector says so', async () => {
    const other = { ...first, name: 'web-a-9', namespace: 'bank' };
    await cluster.makeNamespace('bank');
    await cluster.putPod(webPod(other));
    const matches = (count: number): Promise<unknown> =>
      until(`the policy matches ${count}`, WAIT_MS, async () => {
        const found = await cluster.client.get(monitorPolicies, NAMESPACE, 'web');
        return JSON.stringify(found?.status ?? {}).includes(`"matched":${count}`) ? found?.status : undefined;
      });
    const spec = policy.spec as object;
    for (const [namespaceSelector, count] of [
      [{ matchNames: ['bank'] }, 2],
      [{ any: true }, 2],
      [{}, 1],
    ] as const) {
      const present = await cluster.client.get(monitorPolicies, NAMESPACE, 'web');
      await cluster.client.update(monitorPolicies, {
        ...policy,
        metadata: { ...policy.metadata, ...present?.metadata },
        spec: { ...spec, namespaceSelector },
      });
      expect(await matches(count)).toMatchObject({ targets: { matched: count } });
    }
    await cluster.client.delete(pods, 'bank', other.name);
  });

  it('tells a crash that is over before anybody looks, by the count of restarts', async () => {
    await cluster.putPod(webPod({ ...first, startedAt: Date.now(), restarts: 1, lastExitCode: 3 }));
    await until('an alert of the crash', WAIT_MS, () => firing('crash'));
    const subject = await until('the mail', WAIT_MS, () => subjects().find((one) => one.includes('crash')));
    expect(subject).toMatch(/^\[CRITICAL\] web-a-1 /);
  });

  it('alerts on the CPU that its limit allows, by an object in the cluster and a mail', async () => {
    cluster.use(first.name, {
      container: 'web',
      cores: 0.49,
      memoryBytes: 64 * MEBIBYTE,
      since: Date.now() - 100_000_000,
    });
    const alert = await until('the alert fires', WAIT_MS, () => firing('cpu'));
    expect(JSON.stringify(alert)).toContain(WEB);
    await until('the mail', WAIT_MS, () => subjects().find((one) => one.includes('cpu')));
  });

  it('takes a rollout for a deploy: a note, nobody is down', async () => {
    const next = { name: 'web-b-1', image: 'shop/web:2', hash: 'b', startedAt: Date.now() };
    await cluster.putPod(webPod(next));
    cluster.use(next.name, { container: 'web', cores: 0.02, memoryBytes: 32 * MEBIBYTE, since: next.startedAt });
    await cluster.removePod(first.name);
    cluster.use(first.name, undefined);
    await until('the note of the deploy', WAIT_MS, () => subjects().find((one) => one.includes('deploy')));
    expect(subjects().filter((subject) => subject.includes('down'))).toEqual([]);
    const state = JSON.stringify(await controller?.get('/api/state'));
    expect(state).toContain(`"id":"${WEB}","name":"web-b-1"`);
  });

  it('says that a node cannot be read, and why; and that it can again', async () => {
    cluster.kubelet('forbidden');
    const said = await until('the host is unreachable', WAIT_MS, async () => {
      const state = JSON.stringify(await controller?.get('/api/state'));
      return state.includes('give the account get on nodes/stats') ? state : undefined;
    });
    expect(said).toContain('"reason":"PermissionDenied"');
    cluster.kubelet('well');
    await until('the host is reachable', WAIT_MS, async () => {
      const state = JSON.stringify(await controller?.get('/api/state'));
      return state.includes('"reachable":false') ? undefined : true;
    });
  });

  it('reads a node by its other path when the summary alone is refused, and says what is lost', async () => {
    cluster.kubelet('summaryForbidden');
    const said = await until('the other source is named', WAIT_MS, async () => {
      const state = JSON.stringify(await controller?.get('/api/state'));
      return state.includes('"source":"kubelet-metrics"') ? state : undefined;
    });
    expect(said).toContain('read from /metrics/resource, without network');
    expect(said).toContain('"memoryPercent":12.5');
    cluster.kubelet('well');
  });

  it('asked of kubelets nothing but their summary, and when that was refused the lesser metrics', () => {
    expect([...cluster.requests]).toEqual(['GET /stats/summary', 'GET /metrics/resource']);
  });

  it('forgets a pod that went', async () => {
    await cluster.removePod('web-b-1');
    await until('no target is left', WAIT_MS, async () => {
      const state = JSON.stringify(await controller?.get('/api/state'));
      return state.includes(`"id":"${WEB}"`) ? undefined : true;
    });
    expect(await cluster.client.list(pods, { namespace: NAMESPACE })).toMatchObject({ items: [] });
  });
});
