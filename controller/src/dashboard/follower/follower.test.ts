import { createServer, type AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../clock.ts';
import { createSilentLog } from '../../log.ts';
import type { Leader } from '../../model/leadership.ts';
import { signIn, withPasswords } from '../access/test-dashboard.ts';
import { buildFollower, createFollowerDashboard, type FollowerDeps } from './follower.ts';
import { key, readEvents, startReplicas } from './test-replicas.ts';

const options = {
  host: '127.0.0.1',
  port: 0,
  url: 'http://localhost:8001',
  webDir: '/nowhere',
  access: withPasswords,
  statusPage: { names: [], title: '' },
  replicaKey: key,
};

function depsOf(clock: Clock, leader: () => Leader | undefined): FollowerDeps {
  return {
    leadership: { leader },
    ready: () => ({ ready: true }),
    registry: new Registry(),
    clock,
    log: createSilentLog(),
  };
}

/** Takes connections and says nothing: a leader that is frozen. */
async function startFrozen(): Promise<Leader & { connections(): number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { identity: 'frozen', url, connections: () => connections };
}

describe('the dashboard of a follower', () => {
  it('stops within moments, with streams open and a leader that says nothing', async () => {
    const { clock, leader } = await startReplicas();
    const frozen = await startFrozen();
    let current: Leader = leader.leader;
    const dashboard = await createFollowerDashboard(
      options,
      depsOf(clock, () => current),
    );
    const url = `http://127.0.0.1:${(await dashboard.start()).port}`;
    const { cookie } = await signIn(leader.app, 'viewer pass');
    const events = await readEvents(await fetch(`${url}/api/live`, { headers: { cookie } }));
    await events.next('state');
    current = frozen;
    const waiting = fetch(`${url}/api/state`, { headers: { cookie } }).then(
      ({ status }) => status,
      () => 0,
    );
    await expect.poll(frozen.connections).toBe(1);
    await Promise.all([dashboard.stop(), dashboard.stop()]);
    await events.rest();
    expect([0, 503]).toContain(await waiting);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('says how to go on when its port is taken', async () => {
    const { clock, leader } = await startReplicas();
    const port = Number(new URL(leader.url).port);
    const dashboard = await createFollowerDashboard(
      { ...options, port },
      depsOf(clock, () => undefined),
    );
    onTestFinished(() => dashboard.stop());
    await expect(dashboard.start()).rejects.toThrow(/port \d+ is taken/);
  });

  it('gives up a question when another replica leads', async () => {
    const { leader, lead, look, logged, startFollower } = await startReplicas();
    const { app } = await startFollower();
    const { cookie } = await signIn(app, 'viewer pass');
    const frozen = await startFrozen();
    lead(frozen);
    const headers = { host: 'localhost', cookie };
    const asked = app.inject({ url: '/api/state', headers });
    await expect.poll(frozen.connections).toBe(1);
    lead(leader.leader);
    await look();
    expect((await asked).statusCode).toBe(503);
    expect((await app.inject({ url: '/api/state', headers })).statusCode).toBe(200);
    expect(logged()).not.toMatch(/does not answer/);
  });

  it('keeps those who have not signed in from keeping the others out', async () => {
    const { clock } = await startReplicas();
    const frozen = await startFrozen();
    const { app, link } = await buildFollower(
      { ...options, statusPage: { names: ['*'], title: '' } },
      depsOf(clock, () => frozen),
    );
    onTestFinished(async () => {
      await link.stop();
      await app.close();
    });
    const headers = { host: 'localhost' };
    const flood = Array.from({ length: 40 }, () => app.inject({ url: '/api/status-page', headers }));
    const refused = await Promise.race(flood);
    expect(refused.json()).toEqual({ error: expect.stringContaining('too much is asked') });
    const before = frozen.connections();
    const { cookie } = await signIn(app, 'viewer pass');
    const asked = app.inject({ url: '/api/state', headers: { ...headers, cookie } });
    await expect.poll(frozen.connections).toBeGreaterThan(before);
    await link.stop();
    expect((await asked).statusCode).toBe(503);
    const statuses = (await Promise.all(flood)).map(({ statusCode }) => statusCode);
    expect(new Set(statuses)).toEqual(new Set([503]));
  });
});
