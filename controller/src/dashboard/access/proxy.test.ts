import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Access } from '../../model/access.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { at, json, nobody, serve, signInRequest, withPasswords, write } from './test-dashboard.ts';

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
