import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardView } from '../../controller/src/dashboard/view.ts';
import type { SessionAnswer } from '../../controller/src/dashboard/answers/session.ts';
import { monitorPolicies } from '../../controller/src/kube/client.ts';
import { hashPassword } from '../../controller/src/model/password-hash.ts';
import { until } from '../until.ts';
import { startClusterController, type ClusterController } from './cluster-controller.ts';
import { webPod } from './pod-objects.ts';
import { NAMESPACE, startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';

const PASSWORD = 'to change things';
const WAIT_MS = 90_000;
const SILENCE_MS = 3_600_000;

interface Person {
  ask(
    replica: ClusterController,
    path: string,
    write?: { readonly method: string; readonly body?: unknown },
  ): Promise<Response>;
}

async function signInAt(replica: ClusterController): Promise<Person> {
  const signedIn = await fetch(`${replica.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: PASSWORD }),
  });
  const { csrfToken } = (await signedIn.json()) as SessionAnswer;
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    ask: (at, path, write) =>
      fetch(`${at.url}${path}`, {
        method: write?.method ?? 'GET',
        headers: {
          cookie,
          'x-csrf-token': csrfToken ?? '',
          ...(write?.body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(write?.body !== undefined && { body: JSON.stringify(write.body) }),
      }),
  };
}

function leads({ log }: ClusterController): boolean {
  return log.some((line) => line.includes('has taken over'));
}

/** Real processes on a simulated cluster; the tests are steps, in this order. */
describe('the page of several replicas', { timeout: 240_000 }, () => {
  let cluster: SimulatedCluster;
  let replicas: readonly ClusterController[] = [];
  let person: Person;

  const leader = (): ClusterController | undefined => replicas.find(leads);
  const follower = (): ClusterController | undefined => replicas.find((replica) => !leads(replica));
  const both = (): readonly [ClusterController, ClusterController] => {
    const [leading, following] = [leader(), follower()];
    if (leading === undefined || following === undefined) throw new Error('one leads, the other follows');
    return [leading, following];
  };

  beforeAll(async () => {
    cluster = await startSimulatedCluster();
    const startedAt = Date.now() - 600_000;
    await cluster.putPod(webPod({ name: 'web-1', image: 'shop/web:1', hash: 'h', startedAt }));
    await cluster.client.create(monitorPolicies, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'MonitorPolicy',
      metadata: { name: 'web', namespace: NAMESPACE },
      spec: {
        interval: '1s',
        selector: { matchLabels: { app: 'web' } },
        rules: [{ name: 'up', severity: 'info', expr: 'up' }],
      },
    });
    const settings = {
      LEADER_ELECTION: 'true',
      POD_IP: '127.0.0.1',
      DASHBOARD_PASSWORDS: `operate=${await hashPassword(PASSWORD)}`,
      DEFAULT_POLICY: 'false',
      LOG_LEVEL: 'info',
    };
    replicas = await Promise.all(
      ['foghorn-0', 'foghorn-1'].map((name) => startClusterController(cluster, { ...settings, POD_NAME: name })),
    );
    await until('a leader', WAIT_MS, leader);
  }, 240_000);
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await cluster?.close();
  }, 60_000);

  it('shows at the follower what the leader sees, to who signed in there', async () => {
    const [leading, following] = both();
    expect((await fetch(`${following.url}/api/state`)).status).toBe(401);
    person = await signInAt(following);
    for (const replica of [following, leading]) {
      const seen = await until('the firing alert', WAIT_MS, async () => {
        const state = (await (await person.ask(replica, '/api/state')).json()) as DashboardView;
        return state.alerts.find(({ state: now }) => now === 'firing');
      });
      expect(seen).toMatchObject({ rule: 'up', policy: `${NAMESPACE}/web` });
    }
  });

  it('silences through the follower, in the name of who did', async () => {
    const [leading, following] = both();
    const state = (await (await person.ask(following, '/api/state')).json()) as DashboardView;
    const body = { target: state.containers[0]?.id, durationMs: SILENCE_MS, comment: 'deploy' };
    const done = await person.ask(following, '/api/silences', { method: 'POST', body });
    expect(done.status).toBe(200);
    const silences = await (await person.ask(leading, '/api/silences')).json();
    expect(silences).toMatchObject({ silences: [{ comment: 'deploy', createdBy: 'operate', state: 'active' }] });
  });

  it('counts the calls of the election at each replica', async () => {
    for (const replica of both()) {
      const metrics = await (await person.ask(replica, '/metrics')).text();
      expect(metrics).toMatch(/^rest_client_requests_total\{code="200",method="GET",host="[^"]+"\} [1-9]/m);
    }
    const [leading] = both();
    expect(await (await person.ask(leading, '/metrics')).text()).toMatch(
      /^rest_client_requests_total\{code="20\d",method="(PUT|POST)",host=/m,
    );
  });

  it('streams through the follower until the leader is killed, and goes on without a sign-in when it leads itself', async () => {
    const [leading, following] = both();
    const stream = await person.ask(following, '/api/live');
    let text = '';
    for await (const piece of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      // What is on its way to the follower then is lost.
      if (text.includes('event: state')) leading.process.kill('SIGKILL');
    }
    expect(text).toMatch(/event: hello[^]*event: state/);
    const answer = await person.ask(following, '/api/state');
    expect(answer.status).toBe(503);
    expect(await (await person.ask(following, '/api/session')).json()).toMatchObject({
      signedIn: true,
      leaderless: { heardAt: expect.any(Number) },
    });
    await until('the other one leads', WAIT_MS, () => (leads(following) ? true : undefined));
    const state = await until('its first look', WAIT_MS, async () => {
      const seen = (await (await person.ask(following, '/api/state')).json()) as DashboardView;
      return seen.containers.length > 0 ? seen : undefined;
    });
    expect(state.containers).toMatchObject([{ name: 'web-1', state: 'running' }]);
    const removed = await person.ask(following, '/api/session', { method: 'DELETE' });
    expect(removed.status).toBe(204);
    expect((await person.ask(following, '/api/state')).status).toBe(401);
  });
});
