import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTests, type KubeObject } from '../../controller/src/kube/client.ts';
import { portOf } from '../email/fake-ses.ts';
import { until } from '../until.ts';
import { startClusterController, type ClusterController } from './cluster-controller.ts';
import { webPod } from './pod-objects.ts';
import { jobs, NAMESPACE, pods, services, startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';
import { createSimulatedLogs, startSimulatedJobs, type SimulatedJobs } from './simulated-jobs.ts';

const WAIT_MS = 90_000;
const ofKind = (kind: string) => ({ apiVersion: 'v1', kind });

/** A controller in a cluster, whose Jobs are processes of this machine that send for real. */
describe('load tests in a cluster', { timeout: 240_000 }, () => {
  let cluster: SimulatedCluster;
  let simulation: SimulatedJobs;
  let controller: ClusterController | undefined;
  let server: Server;
  let served = 0;
  const settings = { DEFAULT_POLICY: 'false', LOG_LEVEL: 'error' };

  beforeAll(async () => {
    const logs = createSimulatedLogs();
    cluster = await startSimulatedCluster(logs.podLogs);
    simulation = startSimulatedJobs(cluster.client, logs);
    server = createServer((_request, response) => {
      served += 1;
      response.end('ok');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    controller = await startClusterController(cluster, settings);
  }, 180_000);
  afterAll(async () => {
    await controller?.stop();
    await simulation.stop();
    await cluster.close();
    server.closeAllConnections();
    server.close();
  });

  const local = (): string => `http://127.0.0.1:${portOf(server.address())}`;

  function loadTest(name: string, duration: string, parallelism: number, url = local()): KubeObject {
    return {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'LoadTest',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        target: { url },
        endpoints: [{ path: '/' }],
        stages: [{ duration, rate: 20 }],
        shape: 'Constant',
        concurrency: 4,
        parallelism,
        thresholds: [{ name: 'errors', expr: 'errorRate < 0.01' }],
      },
    };
  }

  const statusOf = async (name: string): Promise<string> =>
    JSON.stringify((await cluster.client.get(loadTests, NAMESPACE, name))?.status ?? {});
  const saying = (name: string, words: string): Promise<string> =>
    until(`${name} says ${words}`, WAIT_MS, async () => {
      const status = await statusOf(name);
      return status.includes(words) ? status : undefined;
    });
  const nothingLeft = (): Promise<boolean> =>
    until('no Job and no pod is left', WAIT_MS, async () => {
      const left = [...(await cluster.client.list(jobs)).items, ...(await cluster.client.list(pods)).items];
      return left.length === 0 ? true : undefined;
    });

  it('run as Jobs, are judged by all of their requests, and leave no Job', async () => {
    served = 0;
    await cluster.client.create(loadTests, loadTest('whole', '4s', 2));
    const made = await until('a Job', WAIT_MS, async () => (await cluster.client.list(jobs)).items[0]);
    expect(made.spec).toMatchObject({ completionMode: 'Indexed', completions: 2, backoffLimitPerIndex: 0 });
    const status = await saying('whole', '"reason":"ThresholdsPassed"');
    expect(status).toContain('"requests":80');
    expect(served).toBe(80);
    await nothingLeft();
  });

  it('go on when the controller is started anew', async () => {
    await cluster.client.create(loadTests, loadTest('anew', '12s', 1));
    await saying('anew', '"reason":"Running"');
    await controller?.stop();
    controller = await startClusterController(cluster, settings);
    expect(await saying('anew', '"reason":"ThresholdsPassed"')).toContain('"requests":240');
    await nothingLeft();
  });

  it('say truly that a generator died', async () => {
    await cluster.client.create(loadTests, loadTest('killed', '60s', 1));
    await saying('killed', '"reason":"Running"');
    simulation.killAll();
    expect(await saying('killed', '"reason":"GeneratorFailed"')).toContain('out of memory');
    await nothingLeft();
  });

  it('may drive a Service of pods that are seen, and no other name', async () => {
    const metadata = { name: 'web', namespace: NAMESPACE };
    await cluster.client.create(services, { ...ofKind('Service'), metadata, spec: { selector: { app: 'web' } } });
    await cluster.putPod(webPod({ name: 'web-a-1', image: 'shop/web:1', hash: 'a', startedAt: Date.now() }));
    const outside = { type: 'ExternalName', externalName: 'example.com' };
    await cluster.client.create(services, {
      ...ofKind('Service'),
      metadata: { ...metadata, name: 'out' },
      spec: outside,
    });
    await cluster.client.create(loadTests, loadTest('outside', '2s', 1, `http://out.${NAMESPACE}.svc`));
    await cluster.client.create(loadTests, loadTest('inside', '2s', 1, `http://web.${NAMESPACE}.svc`));
    expect(await saying('outside', '"reason":"TargetNotAllowed"')).toContain('known are Services');
    // There is no DNS of a cluster here: it was driven all the same.
    expect(await saying('inside', '"reason":"TargetUnreachable"')).toContain('"container":"web-a-1"');
    for (const name of ['inside', 'outside']) await cluster.client.delete(loadTests, NAMESPACE, name);
    await cluster.removePod('web-a-1');
  });

  it('that are deleted take their Jobs with them', async () => {
    await cluster.client.create(loadTests, loadTest('deleted', '60s', 1));
    await saying('deleted', '"reason":"Running"');
    await cluster.client.delete(loadTests, NAMESPACE, 'deleted');
    await nothingLeft();
    await until('the test is gone', WAIT_MS, async () => (await statusOf('deleted')) === '{}' || undefined);
    await expect.poll(simulation.running).toBe(0);
  });
});
