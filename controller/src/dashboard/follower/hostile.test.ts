import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REPLICA_HEADER, replicaKey, signReplica } from '../access/replica-key.ts';
import { at, json, nobody, signIn } from '../access/test-dashboard.ts';
import { key, startReplicas, type TestFollower, type TestReplicas } from './test-replicas.ts';

const acknowledge = { key: 'default/web|down|local/web', acknowledged: true };

async function startPair(): Promise<TestReplicas & { readonly follower: TestFollower }> {
  const replicas = await startReplicas();
  return { ...replicas, follower: await replicas.startFollower() };
}

function post(follower: TestFollower, headers: Readonly<Record<string, string>>, url = '/api/alerts/acknowledge') {
  return follower.app.inject({ method: 'POST', url, headers: { ...at, ...json, ...headers }, payload: acknowledge });
}

interface Seen {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** In the place of the leader: notes what comes, and answers as it is told. */
async function startStub(answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    response.writeHead(answer.status, answer.headers).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a write through a follower', () => {
  it('is done in the name of who signed in', async () => {
    const { follower, desk } = await startPair();
    const { cookie, csrf } = await signIn(follower.app, 'operator pass');
    const answer = await post(follower, { cookie, 'x-csrf-token': csrf });
    expect(answer.json()).toEqual({ done: true });
    const body = { target: 'local/web', durationMs: 60_000, comment: 'deploy' };
    const silenced = await follower.app.inject({
      method: 'POST',
      url: '/api/silences',
      headers: { ...at, ...json, cookie, 'x-csrf-token': csrf },
      payload: body,
    });
    expect(silenced.statusCode).toBe(200);
    expect(JSON.stringify(desk.calls)).toContain('operate');
    expect(desk.calls).toHaveLength(2);
  });

  it('is refused for the role view', async () => {
    const { follower, desk } = await startPair();
    const { cookie, csrf } = await signIn(follower.app, 'viewer pass');
    const answer = await post(follower, { cookie, 'x-csrf-token': csrf });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error).toMatch(/needs operate/);
    expect(desk.calls).toEqual([]);
  });

  it.each([
    ['without the token of the page', {}],
    ['with another token', { 'x-csrf-token': 'x'.repeat(43) }],
    ['from another site', { origin: 'https://evil.example', 'x-csrf-token': 'right' }],
    ['from a page that the browser calls cross-site', { 'sec-fetch-site': 'cross-site', 'x-csrf-token': 'right' }],
  ])('is refused %s, and the leader never hears of it', async (_what, given: Record<string, string>) => {
    const { follower, desk, lead } = await startPair();
    const stub = await startStub({ status: 200 });
    lead({ identity: 'stub', url: stub.url });
    const { cookie, csrf } = await signIn(follower.app, 'operator pass');
    const headers = { ...given, ...(given['x-csrf-token'] === 'right' && { 'x-csrf-token': csrf }) };
    expect((await post(follower, { cookie, ...headers })).statusCode).toBe(403);
    expect(stub.seen).toEqual([]);
    expect(desk.calls).toEqual([]);
  });
});

describe('what comes from outside', () => {
  it('is no word of a replica without the key', async () => {
    const { follower, desk, clock } = await startPair();
    const request = { method: 'POST', path: '/api/alerts/acknowledge', now: clock.now() };
    const wrong = replicaKey(nobody, 'the key of somebody else, as long as it has to be');
    const claim = { kind: 'user', identity: { kind: 'proxy', user: 'eve', role: 'operate' } } as const;
    for (const value of [signReplica(wrong, claim, request), 'v1.e30.AAAA', '']) {
      const answer = await post(follower, { [REPLICA_HEADER]: value });
      expect(answer.statusCode).toBe(401);
    }
    expect(desk.calls).toEqual([]);
  });

  it('reaches the leader as the answer to who asks, and nothing more', async () => {
    const { follower, lead } = await startPair();
    const stub = await startStub({ status: 200, headers: { 'set-cookie': 'foghorn_session=evil', server: 'stub' } });
    lead({ identity: 'stub', url: stub.url });
    const { cookie } = await signIn(follower.app, 'viewer pass');
    const answer = await follower.app.inject({
      url: '/api/state?x=1',
      headers: {
        ...at,
        cookie: `${cookie}; other=secret`,
        'x-forwarded-for': '203.0.113.1',
        forwarded: 'for=203.0.113.1',
        'accept-encoding': 'gzip',
        'x-anything': 'at all',
        accept: 'application/json',
      },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.cookies).toEqual([]);
    expect(answer.headers['server']).toBeUndefined();
    const [{ url, headers } = { url: '', headers: {} }] = stub.seen;
    expect(url).toBe('/api/state?x=1');
    expect(Object.keys(headers).toSorted()).toEqual(['accept', 'connection', 'host', REPLICA_HEADER]);
  });

  it('does not lead elsewhere, by a redirect or by its address', async () => {
    const { follower, lead } = await startPair();
    const elsewhere = await startStub({ status: 200 });
    const stub = await startStub({ status: 302, headers: { location: `${elsewhere.url}/api/state` } });
    lead({ identity: 'stub', url: stub.url });
    const { cookie } = await signIn(follower.app, 'viewer pass');
    const answer = await follower.app.inject({ url: '/api/state', headers: { ...at, cookie } });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers.location).toBeUndefined();
    const raw = await sendRaw(follower.url, `GET ${elsewhere.url}/api/state HTTP/1.1`, cookie);
    expect(raw).toMatch(/^HTTP\/1\.1 400 /);
    expect(elsewhere.seen).toEqual([]);
    expect(stub.seen).toHaveLength(1);
  });

  it('is answered under names that are known, and no other', async () => {
    const { follower } = await startPair();
    const answer = await follower.app.inject({ url: '/api/state', headers: { host: 'rebound.example.com' } });
    expect(answer.statusCode).toBe(421);
  });
});

describe('replicas that disagree', () => {
  it('do not send a request round in a circle', async () => {
    const replicas = await startReplicas();
    const [one, other] = [await replicas.startFollower(), await replicas.startFollower()];
    const { cookie } = await signIn(one.app, 'viewer pass');
    for (const wrong of [one, other]) {
      replicas.lead({ identity: wrong.url, url: wrong.url });
      const answer = await fetch(`${one.url}/api/state`, { headers: { cookie } });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({ error: expect.stringContaining('no replica leads') });
    }
  });

  it('say so when they have different passwords', async () => {
    const replicas = await startReplicas();
    const other = replicaKey(nobody, 'the key of somebody else, as long as it has to be');
    const follower = await replicas.startFollower({ options: { replicaKey: other } });
    const { cookie } = await signIn(follower.app, 'viewer pass');
    for (let times = 0; times < 2; times += 1) {
      const answer = await follower.app.inject({ url: '/api/state', headers: { ...at, cookie } });
      expect(answer.statusCode).toBe(503);
    }
    expect(replicas.logged().match(/does not know this replica/g)).toHaveLength(1);
  });

  it('say so when their clocks are far apart, and do what they can', async () => {
    const replicas = await startReplicas();
    const ahead = { ...replicas.clock, now: () => replicas.clock.now() + 31_000 };
    const follower = await replicas.startFollower({ deps: { clock: ahead } });
    const { cookie } = await signIn(follower.app, 'viewer pass');
    expect((await follower.app.inject({ url: '/api/state', headers: { ...at, cookie } })).statusCode).toBe(503);
    expect(replicas.logged()).toMatch(/the clocks, must agree/);
  });

  it('let only replicas ask what is between them', async () => {
    const replicas = await startReplicas();
    const routes: NonNullable<Parameters<TestReplicas['startFollower']>[0]>['deps'] = {
      routes: (app) => {
        app.post('/api/replica/nodes', { config: { access: 'replica' } }, async ({ replica }) => replica);
      },
    };
    const follower = await replicas.startFollower({ deps: routes });
    const claim = { kind: 'member', name: 'foghorn-1' } as const;
    const path = '/api/replica/nodes';
    const signed = signReplica(key, claim, { method: 'POST', path, now: replicas.clock.now() });
    expect((await post(follower, { [REPLICA_HEADER]: signed }, path)).json()).toEqual(claim);
    const { cookie, csrf } = await signIn(follower.app, 'operator pass');
    expect((await post(follower, { cookie, 'x-csrf-token': csrf }, path)).statusCode).toBe(403);
  });
});

/** The first line is what no client library would send. */
async function sendRaw(url: string, line: string, cookie: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(`${line}\r\nhost: localhost\r\ncookie: ${cookie}\r\nconnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  return text;
}
