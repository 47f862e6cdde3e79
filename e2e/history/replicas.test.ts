import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeLease, leases } from '../../controller/src/kube/lease/lease.ts';
import { monitorPolicies } from '../../controller/src/kube/client.ts';
import { startTestServer, type TestServer } from '../../controller/src/record/history/postgres/test-server.ts';
import { startClusterController, type ClusterController } from '../cluster/cluster-controller.ts';
import { webPod } from '../cluster/pod-objects.ts';
import { NAMESPACE, startSimulatedCluster, type SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { until } from '../until.ts';

const START_TIMEOUT_MS = 300_000;
const WAIT_MS = 90_000;
const names = ['foghorn-0', 'foghorn-1'] as const;
type Name = (typeof names)[number];

/** Replicas of one controller that share a database, through a life: the tests are steps, in this order. */
describe('replicas with their history in Postgres', { timeout: START_TIMEOUT_MS }, () => {
  let database: TestServer;
  let cluster: SimulatedCluster;
  let replicas: Record<Name, ClusterController>;
  let target = '';

  beforeAll(async () => {
    database = await startTestServer();
    const url = await database.createDatabase();
    cluster = await startSimulatedCluster();
    const startedAt = Date.now() - 600_000;
    await cluster.putPod(webPod({ name: 'web', image: 'shop/web:1', hash: 'web', startedAt }));
    cluster.use('web', { container: 'web', cores: 0.05, memoryBytes: 64_000_000, since: startedAt });
    await cluster.client.create(monitorPolicies, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'MonitorPolicy',
      metadata: { name: 'web', namespace: NAMESPACE },
      spec: { interval: '1s', selector: {}, rules: [{ name: 'down', severity: 'critical', expr: '!up' }] },
    });
    const start = (name: Name): Promise<ClusterController> =>
      startClusterController(cluster, {
        LEADER_ELECTION: 'true',
        POD_NAME: name,
        POD_IP: '127.0.0.1',
        REPLICA_KEY: 'the same for all replicas',
        DATABASE_URL: url,
        DEFAULT_POLICY: 'false',
        LOG_LEVEL: 'info',
      });
    const [first, second] = await Promise.all([start('foghorn-0'), start('foghorn-1')]);
    replicas = { 'foghorn-0': first, 'foghorn-1': second };
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all(names.map((name) => replicas[name].stop()));
    await cluster.close();
    await database.end();
  }, START_TIMEOUT_MS);

  const leader = (besides?: Name): Promise<Name> =>
    until('a leader', WAIT_MS, async () => {
      const lease = await cluster.client.get(leases, NAMESPACE, 'foghorn-controller');
      const holder = lease === undefined ? '' : decodeLease(lease).holder;
      return names.find((name) => name !== besides && holder.startsWith(`${name}_`));
    });
  const other = (name: Name): Name => (name === 'foghorn-0' ? 'foghorn-1' : 'foghorn-0');

  async function points(name: Name): Promise<number> {
    const answer = await replicas[name].get(`/api/history?target=${encodeURIComponent(target)}&metric=up&points=2000`);
    const found: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'points') : undefined;
    return Array.isArray(found) ? found.length : 0;
  }

  const untilPoints = (name: Name, least: number): Promise<number> =>
    until(`${least} points`, WAIT_MS, async () => {
      const count = await points(name);
      return count >= least ? count : undefined;
    });

  it('show the same charts, whichever leads', async () => {
    const leading = await leader();
    target = await until('the container', WAIT_MS, async () => {
      const state = await replicas[leading].text('/api/state');
      return /"id":"(kind\/[^"]*web[^"]*)"/.exec(state)?.[1];
    });
    const written = await untilPoints(leading, 5);
    expect(await untilPoints(other(leading), written)).toBeGreaterThanOrEqual(written);
  });

  it('show charts while nobody leads, and go on writing them when another does', async () => {
    const first = await leader();
    const second = other(first);
    const before = await points(second);
    replicas[first].process.kill('SIGKILL');
    expect(await points(second)).toBeGreaterThanOrEqual(before);
    expect(await leader(first)).toBe(second);
    await untilPoints(second, before + 5);
  });
});
