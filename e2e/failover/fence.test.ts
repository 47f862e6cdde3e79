import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { createHttpPing } from '../../controller/src/heartbeat/http-ping.ts';
import { monitorPolicies, type KubeObject } from '../../controller/src/kube/client.ts';
import { createClusterClient } from '../../controller/src/kube/cluster.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { postJson } from '../../controller/src/notify/post-json.ts';
import { createSesNotifier } from '../../controller/src/notify/ses.ts';
import { createFence } from '../../controller/src/wiring/fence.ts';
import { NAMESPACE, startSimulatedCluster } from '../cluster/simulated-cluster.ts';
import { portOf, startFakeSes } from '../email/fake-ses.ts';
import { openApiWay } from './api-way.ts';

const clock = systemClock;
const log = createSilentLog();
const message = { id: 'one', from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't', html: 'h' };
const policy: KubeObject = {
  apiVersion: 'foghorn.dev/v1alpha1',
  kind: 'MonitorPolicy',
  metadata: { name: 'web', namespace: NAMESPACE },
  spec: { selector: { matchLabels: { app: 'web' } }, rules: [{ name: 'down', severity: 'critical', expr: '!up' }] },
};

/** A replica that led, and does so no longer. */
function lead(): { readonly fence: () => void; lose(): void } {
  let isHeld = true;
  const fence = createFence({ isHeld: () => isHeld });
  if (fence === undefined) throw new Error('there is an election');
  return {
    fence,
    lose() {
      isHeld = false;
    },
  };
}

async function startWebServer(): Promise<{ readonly url: string; readonly requests: readonly string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.method ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${portOf(server.address())}`, requests };
}

describe('a replica that no longer leads', () => {
  it('sends no mail', async () => {
    const ses = await startFakeSes();
    onTestFinished(() => ses.close());
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL_SES: ses.url,
      AWS_ACCESS_KEY_ID: 'example',
      AWS_SECRET_ACCESS_KEY: 'example',
    })) {
      vi.stubEnv(name, value);
    }
    const { fence, lose } = lead();
    const notifier = createSesNotifier({ region: 'us-east-1', requestTimeoutMs: 5000, clock, log, fence });
    onTestFinished(() => notifier.close());
    expect(await notifier.send(message)).toMatchObject({ kind: 'sent' });
    lose();
    expect(await notifier.send(message)).toMatchObject({
      kind: 'retry',
      message: expect.stringContaining('may no longer act'),
    });
    expect(ses.requests()).toBe(1);
  });

  it('calls no address', async () => {
    const { url, requests } = await startWebServer();
    const { fence, lose } = lead();
    const ping = createHttpPing(url, fence);
    expect(await postJson(clock, { url, body: {}, fence })).toMatchObject({ kind: 'sent' });
    await ping();
    lose();
    expect(await postJson(clock, { url, body: {}, fence })).toMatchObject({ kind: 'retry' });
    await expect(ping()).rejects.toMatchObject({ code: 'NotLeading' });
    expect(requests).toEqual(['POST', 'GET']);
  });

  it('writes nothing to the cluster, and may read', async () => {
    const cluster = await startSimulatedCluster();
    const way = await openApiWay(cluster.kubeconfig);
    const { fence, lose } = lead();
    const client = createClusterClient({ kubeconfig: way.kubeconfig, clock, log, fence });
    onTestFinished(async () => {
      await client.close();
      await way.close();
      await cluster.close();
    });
    const made = await client.create(monitorPolicies, policy);
    lose();
    const seen = way.requests.length;
    const writes = [
      client.create(monitorPolicies, { ...policy, metadata: { ...policy.metadata, name: 'other' } }),
      client.update(monitorPolicies, made),
      client.updateStatus(monitorPolicies, made),
      client.patch(monitorPolicies, NAMESPACE, 'web', { spec: { suspend: true } }),
      client.delete(monitorPolicies, NAMESPACE, 'web'),
      client.deleteInBackground(monitorPolicies, NAMESPACE, 'web'),
    ];
    for (const write of await Promise.allSettled(writes)) {
      expect(write).toMatchObject({ status: 'rejected', reason: { code: 'NotLeading' } });
    }
    expect(way.requests.length).toBe(seen);
    expect(await client.get(monitorPolicies, NAMESPACE, 'web')).toMatchObject({ metadata: { name: 'web' } });
  });
});
