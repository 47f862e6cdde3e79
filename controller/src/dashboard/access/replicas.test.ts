import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../clock.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { REPLICA_HEADER, replicaKey, signReplica, type ReplicaClaim, type ReplicaKey } from './replica-key.ts';
import { IDLE_MS } from './sessions.ts';
import { RENEW_MS } from './signed-sessions.ts';
import { at, json, nobody, serve, signIn, withPasswords, write, type TestDashboard } from './test-dashboard.ts';

const key = replicaKey(withPasswords, undefined);
const otherKey = replicaKey(nobody, 'the key of somebody else, as long as it has to be');
const alice: ReplicaClaim = { kind: 'user', identity: { kind: 'proxy', user: 'alice', role: 'operate' } };
const bob: ReplicaClaim = { kind: 'user', identity: { kind: 'proxy', user: 'bob', role: 'view' } };
const member: ReplicaClaim = { kind: 'member', name: 'foghorn-1' };

function replica(): Promise<TestDashboard> {
  return serve(withPasswords, undefined, key);
}

interface SentOptions {
  readonly path?: string;
  /** When another one was signed. */
  readonly signedPath?: string;
  readonly by?: ReplicaKey;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As another replica sends it, under the name of the pod. */
async function sent(
  to: { readonly app: FastifyInstance; readonly clock: Clock },
  claim: ReplicaClaim,
  options: SentOptions = {},
): Promise<LightMyRequestResponse> {
  const { path = '/api/test-write', by = key, headers = {} } = options;
  const signedPath = options.signedPath ?? path;
  const method = path === '/api/state' ? 'GET' : 'POST';
  const value = signReplica(by, claim, { method, path: signedPath, now: to.clock.now() });
  const all = { host: 'foghorn-0.foghorn.ns.svc:8001', [REPLICA_HEADER]: value, ...headers };
  return to.app.inject({
    method,
    url: path,
    headers: method === 'GET' ? all : { ...all, ...json },
    ...(method === 'POST' && { payload: {} }),
  });
}

describe('what another replica passes on', () => {
  it('is done for whom it names, with neither cookie nor token of the page', async () => {
    const answer = await sent(await replica(), alice);
    expect(answer.json()).toEqual({ user: 'alice' });
  });

  it('may do no more than whom it names', async () => {
    const dashboard = await replica();
    const answer = await sent(dashboard, bob);
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error).toMatch(/needs operate/);
    expect((await sent(dashboard, bob, { path: '/api/state' })).statusCode).toBe(200);
    expect((await sent(dashboard, { kind: 'user', identity: null }, { path: '/api/state' })).statusCode).toBe(401);
  });

  it.each([
    ['another key', { by: otherKey }],
    ['another path', { signedPath: '/api/state' }],
  ])('is refused when it was signed with %s, whoever sends it', async (_what, options) => {
    const dashboard = await replica();
    const { cookie, csrf } = await signIn(dashboard.app, 'operator pass');
    const headers = { cookie, 'x-csrf-token': csrf };
    for (const more of [{}, headers]) {
      const answer = await sent(dashboard, alice, { ...options, headers: more });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers[REPLICA_HEADER]).toBe('wrong');
    }
  });

  it('says nothing where there is one replica only', async () => {
    const dashboard = await serve(withPasswords);
    const answer = await sent(dashboard, alice, { headers: at });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers[REPLICA_HEADER]).toBeUndefined();
  });

  it('is refused for a session that was ended here', async () => {
    const dashboard = await replica();
    const { cookie, csrf } = await signIn(dashboard.app, 'operator pass');
    const session = { key: 'k'.repeat(22), role: 'operate', expiresAt: dashboard.clock.now() + 1000 } as const;
    const claim: ReplicaClaim = {
      kind: 'user',
      identity: { kind: 'session', user: 'operate', role: 'operate', session },
    };
    expect((await sent(dashboard, claim)).statusCode).toBe(200);
    const signed = signReplica(key, claim, { method: 'DELETE', path: '/api/session', now: dashboard.clock.now() });
    const out = await dashboard.app.inject({
      method: 'DELETE',
      url: '/api/session',
      headers: { ...at, [REPLICA_HEADER]: signed },
    });
    expect(out.statusCode).toBe(204);
    const refused = await sent(dashboard, claim);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers[REPLICA_HEADER]).toBe('signedOut');
    expect((await write(dashboard.app, { cookie, 'x-csrf-token': csrf })).statusCode).toBe(200);
  });

  it('keeps what is between replicas apart from what people may do', async () => {
    const dashboard = await replica();
    const path = '/api/test-member';
    expect((await sent(dashboard, member, { path })).json()).toEqual(member);
    expect((await sent(dashboard, alice, { path })).statusCode).toBe(403);
    expect((await sent(dashboard, member)).statusCode).toBe(403);
    const { cookie, csrf } = await signIn(dashboard.app, 'operator pass');
    const headers = { ...at, ...json, cookie, 'x-csrf-token': csrf };
    const asked = await dashboard.app.inject({ method: 'POST', url: path, headers, payload: {} });
    expect(asked.statusCode).toBe(403);
  });
});

describe('who signed in at one replica', () => {
  it('is signed in at the others, and may write there with the same token', async () => {
    const [one, other] = [await replica(), await replica()];
    const { cookie, csrf, answer } = await signIn(one.app, 'operator pass');
    const known: SessionAnswer = (await other.app.inject({ url: '/api/session', headers: { ...at, cookie } })).json();
    expect(known).toEqual(answer);
    expect((await write(other.app, { cookie, 'x-csrf-token': csrf })).statusCode).toBe(200);
    expect((await write(other.app, { cookie })).statusCode).toBe(403);
  });

  it('keeps the token of the page over a restart where nobody signs in', async () => {
    const [one, other] = [await serve(nobody, undefined, otherKey), await serve(nobody, undefined, otherKey)];
    const { csrfToken }: SessionAnswer = (await one.app.inject({ url: '/api/session', headers: at })).json();
    expect((await write(other.app, { 'x-csrf-token': csrfToken ?? '' })).statusCode).toBe(200);
  });

  it('gets a new cookie now and then, so that only an idle session ends', async () => {
    const { app, clock } = await replica();
    const { cookie } = await signIn(app, 'viewer pass');
    const ask = (url: string, by: string) => app.inject({ url, headers: { ...at, cookie: by } });
    expect((await ask('/api/session', cookie)).cookies).toEqual([]);
    await clock.advance(RENEW_MS);
    expect((await ask('/api/state', cookie)).cookies).toEqual([]);
    const later = await ask('/api/session', cookie);
    expect(later.headers['set-cookie']).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(later.headers['cache-control']).toBe('no-store');
    const renewed = later.cookies.map(({ name, value }) => `${name}=${value}`).join('');
    await clock.advance(IDLE_MS - 1);
    expect((await ask('/api/state', cookie)).statusCode).toBe(401);
    expect((await ask('/api/state', renewed)).statusCode).toBe(200);
  });

  it('is signed out for good at sign-out, whichever of the cookies comes back', async () => {
    const { app, clock } = await replica();
    const { cookie, csrf } = await signIn(app, 'viewer pass');
    await clock.advance(RENEW_MS);
    const out = { ...at, cookie, 'x-csrf-token': csrf };
    const answer = await app.inject({ method: 'DELETE', url: '/api/session', headers: out });
    expect(answer.cookies).toHaveLength(1);
    expect(answer.cookies[0]?.value).toBe('');
    expect((await app.inject({ url: '/api/state', headers: { ...at, cookie } })).statusCode).toBe(401);
  });
});
