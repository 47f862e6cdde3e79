import { scryptSync } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createLog } from '../../log.ts';
import { parsePassword, parseToken, type Access } from '../../model/access.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { createFakeReader } from '../fake-reader.ts';
import { createLive } from '../live/live.ts';
import { buildDashboard } from '../server.ts';
import { IDLE_MS } from './sessions.ts';

const nobody: Access = { passwords: [], tokens: [], trustedProxies: [], operators: [] };
const token = 'a-token-of-many-characters';
const entries = [`operate=${cheapHash('operator pass')}`, `view=${cheapHash('viewer pass')}`];
const withPasswords: Access = {
  ...nobody,
  passwords: entries.flatMap((entry) => parsePassword(entry) ?? []),
  tokens: [parseToken(`view=${token}`) ?? []].flat(),
};

/** What the real parameters cost is not what is tested here. */
function cheapHash(password: string): string {
  const salt = Buffer.alloc(16);
  const hash = scryptSync(password, salt, 32, { cost: 16, blockSize: 1, parallelization: 1 });
  return `scrypt:16:1:1:${salt.toString('base64url')}:${hash.toString('base64url')}`;
}

async function serve(access: Access, url = 'http://localhost:8001') {
  const clock = createFakeClock();
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const reader = createFakeReader({ clock, containers: 3 });
  const live = createLive({ reader, clock, log });
  const options = {
    host: '0.0.0.0',
    port: 8001,
    url,
    webDir: '/nowhere',
    access,
    statusPage: { names: [], title: '' },
  };
  const app = await buildDashboard(options, { reader, clock, log }, live);
  app.post('/api/test-write', async ({ identity }) => ({ user: identity?.user }));
  onTestFinished(() => app.close());
  return { app, clock, logged: () => lines.join('') };
}

const at = { host: 'localhost:8001' };
const json = { 'content-type': 'application/json' };

function signInRequest(password: string, headers: Record<string, string> = {}): InjectOptions {
  return { method: 'POST', url: '/api/session', headers: { ...at, ...json, ...headers }, payload: { password } };
}

async function signIn(app: FastifyInstance, password: string) {
  const response = await app.inject(signInRequest(password));
  expect(response.statusCode).toBe(200);
  const [cookie] = response.cookies;
  const answer: SessionAnswer = response.json();
  return { cookie: `${cookie?.name}=${cookie?.value}`, csrf: answer.csrfToken ?? '', answer, response };
}

function write(app: FastifyInstance, headers: Record<string, string>): Promise<LightMyRequestResponse> {
  return app.inject({ method: 'POST', url: '/api/test-write', headers: { ...at, ...json, ...headers }, payload: {} });
}

describe('without a sign-in', () => {
  it('everybody here may operate, with the token that only a page of ours can read', async () => {
    const { app } = await serve(nobody);
    const session: SessionAnswer = (await app.inject({ url: '/api/session', headers: at })).json();
    expect(session).toMatchObject({ signedIn: true, user: '', role: 'operate', signIn: 'off' });
    expect((await app.inject({ url: '/api/state', headers: at })).statusCode).toBe(200);
    expect((await write(app, {})).statusCode).toBe(403);
    expect((await write(app, { 'x-csrf-token': 'wrong' })).statusCode).toBe(403);
    expect((await write(app, { 'x-csrf-token': session.csrfToken ?? '' })).statusCode).toBe(200);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://localhost:8000' }],
    ['a page that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a page that the browser calls same-site', { 'sec-fetch-site': 'same-site' }],
  ])('takes no write from %s, even with the token', async (_who, headers) => {
    const { app } = await serve(nobody);
    const { csrfToken }: SessionAnswer = (await app.inject({ url: '/api/session', headers: at })).json();
    const answer = await write(app, { 'x-csrf-token': csrfToken ?? '', ...headers });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error).toMatch(/another site/);
  });

  it('a neighbour in the network of the container looks and does not touch', async () => {
    const { app } = await serve({ ...nobody, operateFrom: ['127.0.0.0/8', '172.20.0.1'] });
    const asked = async (remoteAddress: string): Promise<SessionAnswer> =>
      (await app.inject({ url: '/api/session', headers: at, remoteAddress })).json();
    expect(await asked('127.0.0.1')).toMatchObject({ role: 'operate' });
    expect(await asked('::ffff:172.20.0.1')).toMatchObject({ role: 'operate' });
    const neighbour = await asked('::ffff:172.20.0.3');
    expect(neighbour).toMatchObject({ signedIn: true, role: 'view' });
    const headers = { ...at, ...json, 'x-csrf-token': neighbour.csrfToken ?? '', 'x-forwarded-for': '127.0.0.1' };
    const remoteAddress = '172.20.0.3';
    const refused = await app.inject({ method: 'POST', url: '/api/test-write', headers, payload: {}, remoteAddress });
    expect(refused.statusCode).toBe(403);
    expect(refused.json().error).toMatch(/only the machine itself/);
  });

  it('answers no host name that somebody else points here', async () => {
    const { app } = await serve(nobody);
    for (const url of ['/api/session', '/api/state', '/', '/healthz']) {
      expect((await app.inject({ url, headers: { host: 'rebound.example.com' } })).statusCode).toBe(421);
    }
  });

  it('takes a body as JSON only', async () => {
    const { app } = await serve(nobody);
    const { csrfToken }: SessionAnswer = (await app.inject({ url: '/api/session', headers: at })).json();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { ...at, 'content-type': type, 'x-csrf-token': csrfToken ?? '' };
      const answer = await app.inject({ method: 'POST', url: '/api/test-write', headers, payload: '{}' });
      expect(answer.statusCode).toBe(415);
    }
  });
});

it('a stream is not opened by asking for its head', async () => {
  const { app } = await serve(nobody);
  expect((await app.inject({ method: 'HEAD', url: '/api/live', headers: at })).statusCode).toBe(404);
});

describe('with passwords', () => {
  it.each([
    '/api/state',
    '/api/metrics',
    '/api/logs?file=metrics',
    '/api/live',
    '/metrics',
    '/%61pi/state',
    '/api/state?x=1',
  ])('%s is for those who have signed in', async (url) => {
    const { app } = await serve(withPasswords);
    const answer = await app.inject({ url, headers: at });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answer.body).not.toContain('service-');
  });

  it.each(['/healthz', '/readyz', '/api/session'])('%s is open', async (url) => {
    const { app } = await serve(withPasswords);
    expect((await app.inject({ url, headers: at })).statusCode).toBe(200);
  });

  it('says that nobody is signed in, and nothing else', async () => {
    const { app } = await serve(withPasswords);
    expect((await app.inject({ url: '/api/session', headers: at })).json()).toEqual({
      signedIn: false,
      user: null,
      role: null,
      csrfToken: null,
      expiresAt: null,
      signIn: 'password',
      statusPage: false,
    });
  });

  it('a cookie that no script reads and no other site sends opens it, until sign-out', async () => {
    const { app, logged } = await serve(withPasswords);
    const { cookie, csrf, answer, response } = await signIn(app, 'operator pass');
    expect(response.headers['set-cookie']).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(answer).toMatchObject({ signedIn: true, role: 'operate' });
    expect((await app.inject({ url: '/api/state', headers: { ...at, cookie } })).statusCode).toBe(200);
    expect((await write(app, { cookie })).statusCode).toBe(403);
    expect((await write(app, { cookie, 'x-csrf-token': csrf })).statusCode).toBe(200);
    const out = { ...at, cookie, 'x-csrf-token': csrf };
    expect((await app.inject({ method: 'DELETE', url: '/api/session', headers: out })).statusCode).toBe(204);
    expect((await app.inject({ url: '/api/state', headers: { ...at, cookie } })).statusCode).toBe(401);
    expect(logged()).toMatch(/"role":"operate","msg":"signed in"/);
    expect(logged()).toMatch(/"msg":"signed out"/);
    expect(logged()).not.toMatch(/operator pass/);
  });

  it('a role of view looks and does not touch', async () => {
    const { app } = await serve(withPasswords);
    const { cookie, csrf, answer } = await signIn(app, 'viewer pass');
    expect(answer.role).toBe('view');
    expect((await app.inject({ url: '/api/state', headers: { ...at, cookie } })).statusCode).toBe(200);
    const refused = await write(app, { cookie, 'x-csrf-token': csrf });
    expect(refused.statusCode).toBe(403);
    expect(refused.json().error).toMatch(/needs operate/);
  });

  it('the token of one session is none of another', async () => {
    const { app } = await serve(withPasswords);
    const mine = await signIn(app, 'operator pass');
    const other = await signIn(app, 'operator pass');
    expect((await write(app, { cookie: mine.cookie, 'x-csrf-token': other.csrf })).statusCode).toBe(403);
  });

  it('a session that was idle for half a day is over', async () => {
    const { app, clock } = await serve(withPasswords);
    const { cookie } = await signIn(app, 'viewer pass');
    await clock.advance(IDLE_MS);
    expect((await app.inject({ url: '/api/state', headers: { ...at, cookie } })).statusCode).toBe(401);
  });

  it('a wrong password is refused, and guessing soon has to wait', async () => {
    const { app, clock, logged } = await serve(withPasswords);
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) statuses.push((await app.inject(signInRequest('guess'))).statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const refused = await app.inject(signInRequest('operator pass'));
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('30');
    await clock.advance(30_000);
    await signIn(app, 'operator pass');
    expect(logged()).toMatch(/"address":"127.0.0.1","msg":"sign-in failed: wrong password"/);
    expect(logged()).toMatch(/sign-in refused: too many attempts/);
  });

  it('a sign-in that another site starts is refused', async () => {
    const { app } = await serve(withPasswords);
    const answer = await app.inject(signInRequest('operator pass', { origin: 'https://evil.example' }));
    expect(answer.statusCode).toBe(403);
    expect(answer.cookies).toEqual([]);
  });

  it.each([[{}], [{ password: { length: 20 } }], [{ password: '' }], [{ password: 'x'.repeat(2000) }]])(
    'a sign-in with %j is refused',
    async (payload) => {
      const { app } = await serve(withPasswords);
      const answer = await app.inject({ method: 'POST', url: '/api/session', headers: { ...at, ...json }, payload });
      expect(answer.statusCode).toBe(400);
    },
  );

  it('a script shows a bearer token, and needs no other', async () => {
    const { app } = await serve({ ...withPasswords, tokens: [parseToken(`operate=${token}`) ?? []].flat() });
    const authorization = `Bearer ${token}`;
    expect((await app.inject({ url: '/metrics', headers: { ...at, authorization } })).statusCode).toBe(200);
    expect((await write(app, { authorization })).json()).toEqual({ user: 'operate (token)' });
    for (const wrong of ['Bearer wrong', 'Bearer ', `Basic ${token}`, token]) {
      expect((await app.inject({ url: '/metrics', headers: { ...at, authorization: wrong } })).statusCode).toBe(401);
    }
  });

  it('a token signs a person in too', async () => {
    const { app } = await serve({ ...nobody, tokens: [parseToken(`view=${token}`) ?? []].flat() });
    expect((await signIn(app, token)).answer.role).toBe('view');
  });
});

describe('behind a reverse proxy', () => {
  const trusting: Access = {
    ...nobody,
    trustedProxies: ['127.0.0.1'],
    userHeader: 'remote-user',
    operators: ['alice'],
  };

  it('the proxy says who it is, and who may operate', async () => {
    const { app } = await serve(trusting);
    const asked = async (user: string): Promise<SessionAnswer> =>
      (await app.inject({ url: '/api/session', headers: { ...at, 'remote-user': user } })).json();
    expect(await asked('alice')).toMatchObject({ user: 'alice', role: 'operate', signIn: 'proxy' });
    expect(await asked('bob')).toMatchObject({ user: 'bob', role: 'view' });
    expect(await asked('')).toMatchObject({ signedIn: false });
    expect(await asked('x'.repeat(300))).toMatchObject({ signedIn: false });
  });

  it('nobody else may say so', async () => {
    const { app } = await serve({ ...trusting, trustedProxies: ['10.0.0.5'] });
    const headers = { ...at, 'remote-user': 'alice', 'x-forwarded-for': '10.0.0.5' };
    expect((await app.inject({ url: '/api/state', headers })).statusCode).toBe(401);
  });

  it('a header that is not the one that was named says nothing', async () => {
    const { app } = await serve({ ...trusting, userHeader: 'x-auth-user' });
    expect((await app.inject({ url: '/api/state', headers: { ...at, 'remote-user': 'alice' } })).statusCode).toBe(401);
  });

  it('a write that carries its cookie needs the token all the same', async () => {
    const { app } = await serve(trusting);
    expect((await write(app, { 'remote-user': 'alice' })).statusCode).toBe(403);
    const headers = { 'remote-user': 'alice' };
    const { csrfToken }: SessionAnswer = (
      await app.inject({ url: '/api/session', headers: { ...at, ...headers } })
    ).json();
    expect((await write(app, { ...headers, 'x-csrf-token': csrfToken ?? '' })).statusCode).toBe(200);
  });
});

describe('a real proxy at a sub-path', () => {
  it.each([
    ['takes the sub-path away', true],
    ['passes the sub-path on', false],
  ])('that %s serves page, sign-in and writes', async (_what, strips) => {
    const access = { ...withPasswords, trustedProxies: ['127.0.0.1'] };
    const { app, logged } = await serve(access, 'https://ops.example.org/foghorn/');
    await app.listen({ host: '127.0.0.1', port: 0 });
    const proxy = await startProxy(portOf(app.server), strips);
    const base = `http://127.0.0.1:${proxy}`;
    const headers = { ...json, origin: 'https://ops.example.org' };
    const body = JSON.stringify({ password: 'operator pass' });
    const entered = await fetch(`${base}/foghorn/api/session`, { method: 'POST', headers, body });
    expect(entered.status).toBe(200);
    const cookie = entered.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; Path=\/foghorn\/; HttpOnly; Secure; SameSite=Strict$/);
    const { csrfToken } = (await entered.json()) as SessionAnswer;
    const own = { cookie: cookie.split(';')[0] ?? '', 'x-csrf-token': csrfToken ?? '' };
    expect((await fetch(`${base}/foghorn/api/state`, { headers: own })).status).toBe(200);
    const written = await fetch(`${base}/foghorn/api/test-write`, {
      method: 'POST',
      headers: { ...headers, ...own },
      body: '{}',
    });
    expect(written.status).toBe(200);
    expect((await fetch(`${base}/foghorn/api/state`)).status).toBe(401);
    expect(logged()).toContain('"address":"203.0.113.9"');
  });

  it('sends whoever leaves the last slash away to the page', async () => {
    const { app } = await serve(nobody, 'http://localhost/foghorn');
    const answer = await app.inject({ url: '/foghorn', headers: { host: 'localhost' } });
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe('/foghorn/');
  });

  it('whoever is not trusted cannot choose the address that is logged and limited', async () => {
    const { app, logged } = await serve(withPasswords);
    for (let tries = 0; tries < 6; tries += 1) {
      await app.inject(signInRequest('guess', { 'x-forwarded-for': `203.0.113.${tries}` }));
    }
    expect(logged()).toMatch(/too many attempts/);
    expect(logged()).not.toContain('203.0.113');
  });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** As nginx does it: ends TLS (here none), tells of the client, streams both ways. */
async function startProxy(port: number, strips: boolean): Promise<number> {
  const proxy = createServer((incoming, outgoing) => {
    const path = strips ? incoming.url?.replace(/^\/foghorn/, '') : incoming.url;
    const headers = {
      ...incoming.headers,
      host: 'ops.example.org',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
    };
    const upstream = httpRequest({ host: '127.0.0.1', port, path, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => proxy.close(() => resolve())));
  return portOf(proxy);
}
