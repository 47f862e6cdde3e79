import { describe, expect, it } from 'vitest';
import type { LiveHello, LiveState } from '../answers/live.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { at, json, signIn } from '../access/test-dashboard.ts';
import { fakeTarget } from '../fake-reader.ts';
import { PING_EVERY_MS } from './leader-link.ts';
import { readEvents, startReplicas, type TestFollower, type TestReplicas } from './test-replicas.ts';

const firstContainer = 'local/project-0/service-0000/1';

async function openLive(url: string, cookie: string, lastId?: string): Promise<Response> {
  return fetch(`${url}/api/live`, {
    headers: { cookie, accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) },
  });
}

async function startPair(): Promise<TestReplicas & { readonly follower: TestFollower; readonly cookie: string }> {
  const replicas = await startReplicas();
  const follower = await replicas.startFollower();
  const { cookie } = await signIn(follower.app, 'viewer pass');
  return { ...replicas, follower, cookie };
}

async function sessionAt(follower: TestFollower, cookie: string): Promise<SessionAnswer> {
  return (await follower.app.inject({ url: '/api/session', headers: { ...at, cookie } })).json();
}

describe('the live stream through a follower', () => {
  it('has all that the leader says, as it says it', async () => {
    const { follower, cookie, reader, look, clock } = await startPair();
    const response = await openLive(follower.url, cookie);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    const events = await readEvents(response);
    expect((await events.next('hello')).data).toMatchObject({ resumed: false });
    const state = (await events.next('state')).data as LiveState;
    expect(state.rows).toHaveLength(3);
    reader.put(fakeTarget(7, clock.now()));
    await look();
    expect((await events.next('change')).data).toMatchObject({ rows: [{ name: 'service-0007' }] });
    await events.cancel();
  });

  it('goes on after a break with what was missed', async () => {
    const { follower, cookie, reader, look, clock, leader } = await startPair();
    const first = await readEvents(await openLive(follower.url, cookie));
    const { id } = await first.next('state');
    await first.cancel();
    await expect.poll(() => leader.live.count()).toBe(0);
    // Somebody else watches on.
    const other = await readEvents(await openLive(leader.url, cookie));
    await other.next('state');
    reader.put(fakeTarget(7, clock.now()));
    await look();
    const again = await readEvents(await openLive(follower.url, cookie, id));
    expect((await again.next('hello')).data).toMatchObject({ resumed: true });
    expect((await again.next('change')).data).toMatchObject({ rows: [{ name: 'service-0007' }] });
    await Promise.all([other.cancel(), again.cancel()]);
  });

  it('is told what is on screen by a request of its own', async () => {
    const { follower, cookie } = await startPair();
    const { csrfToken } = await sessionAt(follower, cookie);
    const events = await readEvents(await openLive(follower.url, cookie));
    const { stream } = (await events.next('hello')).data as LiveHello;
    const told = await fetch(`${follower.url}/api/live/${stream}/screen`, {
      method: 'POST',
      headers: { ...json, cookie, 'x-csrf-token': csrfToken ?? '' },
      body: JSON.stringify({ ids: [firstContainer] }),
    });
    expect(told.status).toBe(204);
    expect((await events.next('screen')).data).toMatchObject({ rows: [{ id: firstContainer }] });
    await events.cancel();
  });

  it('ends at the leader when its page goes', async () => {
    const { follower, cookie, leader } = await startPair();
    const events = await readEvents(await openLive(follower.url, cookie));
    await events.next('state');
    expect(leader.live.count()).toBe(1);
    await events.cancel();
    await expect.poll(() => leader.live.count()).toBe(0);
  });

  it('ends when the leader dies, and then says that nobody leads', async () => {
    const { follower, cookie, leader, look, clock, logged } = await startPair();
    const events = await readEvents(await openLive(follower.url, cookie));
    await events.next('state');
    const heardAt = clock.now();
    await look();
    expect(await sessionAt(follower, cookie)).toMatchObject({ leaderless: null });
    await leader.die();
    // A stream that stops orderly says goodbye first.
    await events.rest();
    await clock.advance(60_000);
    const refused = await openLive(follower.url, cookie);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await refused.json()).toEqual({ error: expect.stringContaining('does not answer') });
    expect(await sessionAt(follower, cookie)).toMatchObject({ signedIn: true, leaderless: { heardAt } });
    await openLive(follower.url, cookie);
    expect(logged().match(/the leader does not answer/g)).toHaveLength(1);
  });

  it('ends when another replica leads, and is taken up there with a whole state', async () => {
    const { follower, cookie, leader, look, lead, startLeader } = await startPair();
    const events = await readEvents(await openLive(follower.url, cookie));
    const { id } = await events.next('state');
    const next = await startLeader('next');
    lead(next.leader);
    await look();
    await events.rest();
    await expect.poll(() => leader.live.count()).toBe(0);
    const again = await readEvents(await openLive(follower.url, cookie, id));
    expect((await again.next('hello')).data).toMatchObject({ resumed: false });
    await again.next('state');
    expect(next.live.count()).toBe(1);
    await again.cancel();
  });

  it('ends with the session, wherever it was ended', async () => {
    const replicas = await startReplicas();
    const [one, other] = [await replicas.startFollower(), await replicas.startFollower()];
    const { cookie, csrf } = await signIn(one.app, 'viewer pass');
    const streams = await Promise.all(
      [one, other, replicas.leader].map(async ({ url }) => readEvents(await openLive(url, cookie))),
    );
    for (const stream of streams) await stream.next('state');
    const out = { ...at, cookie, 'x-csrf-token': csrf };
    expect((await one.app.inject({ method: 'DELETE', url: '/api/session', headers: out })).statusCode).toBe(204);
    await replicas.look();
    await Promise.all(streams.map((stream) => stream.rest()));
    expect((await openLive(replicas.leader.url, cookie)).status).toBe(401);
    // The other one learns of it as soon as it asks the leader.
    expect((await sessionAt(other, cookie)).signedIn).toBe(true);
    expect((await openLive(other.url, cookie)).status).toBe(401);
    expect((await sessionAt(other, cookie)).signedIn).toBe(false);
  });

  it('carries the output of a container too', async () => {
    const { follower, cookie, desk } = await startPair();
    desk.chunks = [{ stream: 'stdout', bytes: Buffer.from('hello\n') }];
    const response = await fetch(`${follower.url}/api/container/log?target=${firstContainer}`, { headers: { cookie } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await expect.poll(() => desk.logSignals).toHaveLength(1);
    await response.body?.cancel();
    await expect.poll(() => desk.logSignals[0]?.aborted).toBe(true);
  });
});

describe('without a leader', () => {
  it('a follower knows it, though nobody asks any more', async () => {
    const { follower, cookie, leader, look, clock, logged } = await startPair();
    expect((await follower.app.inject({ url: '/api/state', headers: { ...at, cookie } })).statusCode).toBe(200);
    const heardAt = clock.now();
    expect(await sessionAt(follower, cookie)).toMatchObject({ leaderless: null });
    await leader.die();
    await clock.advance(PING_EVERY_MS);
    await look();
    await expect.poll(logged).toMatch(/the leader does not answer/);
    expect(await sessionAt(follower, cookie)).toMatchObject({ leaderless: { heardAt } });
  });

  it('charts are there, and what happened, from what all replicas share', async () => {
    const replicas = await startReplicas();
    const points = [{ at: 1, min: 1, mean: 2, max: 3 }];
    const follower = await replicas.startFollower({
      deps: {
        past: {
          history: async () => ({ resolutionMs: 1000, points }),
          episodes: async () => [],
          marks: async ({ targetId }) => [{ targetId, at: 5, kind: 'restarted' }],
        },
      },
    });
    const { cookie } = await signIn(follower.app, 'viewer pass');
    replicas.lead(undefined);
    const get = async (path: string) => follower.app.inject({ url: path, headers: { ...at, cookie } });
    expect((await get(`/api/history?target=${firstContainer}&metric=cpu`)).json()).toMatchObject({ points });
    const marks = (await get(`/api/container/marks?target=${firstContainer}`)).json();
    expect(marks).toMatchObject({ changes: [{ at: 5, kind: 'restarted' }], loadTests: [] });
    expect((await get('/api/alerts')).json()).toMatchObject({ alerts: [], leftOut: 0 });
    expect((await get(`/api/uptime?targets=${firstContainer}`)).statusCode).toBe(200);
    const state = await get('/api/state');
    expect(state.statusCode).toBe(503);
    expect(state.json()).toEqual({ error: expect.stringContaining('no replica leads') });
    expect((await get('/')).statusCode).toBe(200);
    expect((await get('/metrics')).body).toContain('foghorn_controller_process_cpu');
    expect((await get('/healthz')).statusCode).toBe(200);
    expect(await sessionAt(follower, cookie)).toMatchObject({ leaderless: { heardAt: null } });
  });

  it.each([
    ['with a password in it', 'http://user:secret@10.0.0.1:8001'],
    ['of a file', 'file:///etc/passwd'],
    ['with a path', 'http://10.0.0.1:8001/elsewhere'],
    ['that is none', 'nonsense'],
    ['that it has not said', undefined],
  ])('nothing is sent to an address %s', async (_what, url) => {
    const replicas = await startReplicas();
    const follower = await replicas.startFollower();
    replicas.lead({ identity: 'odd', url });
    const { cookie } = await signIn(follower.app, 'viewer pass');
    const answer = await follower.app.inject({ url: '/api/state', headers: { ...at, cookie } });
    expect(answer.statusCode).toBe(503);
    expect(answer.json().error).toMatch(/no replica leads/);
  });

  it('a replica is ready or not by its own word', async () => {
    const replicas = await startReplicas();
    const waitingFor = 'the Lease to be seen';
    const follower = await replicas.startFollower({ deps: { ready: () => ({ ready: false, waitingFor }) } });
    const answer = await follower.app.inject({ url: '/readyz', headers: at });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toBe(`waiting for ${waitingFor}\n`);
  });
});
