import { describe, expect, it, onTestFinished } from 'vitest';
import { parseToken } from '../../model/access.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { LOOK_EVERY_MS } from '../live/live.ts';
import { IDLE_MS } from './sessions.ts';
import { at, json, nobody, serve, signIn, signInRequest, token, withPasswords, write } from './test-dashboard.ts';

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

  it('sign-out ends the streams of the session, and no others', async () => {
    const { app, clock, live } = await serve(withPasswords);
    const base = await app.listen({ host: '127.0.0.1', port: 0 });
    live.start();
    onTestFinished(() => live.stop());
    const mine = await signIn(app, 'operator pass');
    const other = await signIn(app, 'viewer pass');
    const stream = await fetch(`${base}/api/live`, { headers: { cookie: mine.cookie } });
    await fetch(`${base}/api/live`, { headers: { cookie: other.cookie } });
    const out = { ...at, cookie: mine.cookie, 'x-csrf-token': mine.csrf };
    await app.inject({ method: 'DELETE', url: '/api/session', headers: out });
    await clock.advance(LOOK_EVERY_MS);
    expect(await stream.text()).toMatch(/event: bye\ndata: {"reason":"signedOut"}\n\n$/);
    expect(live.count()).toBe(1);
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
