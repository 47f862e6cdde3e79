import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionAnswer } from '../answers/session.ts';
import { address, get, post } from './api.ts';
import { session } from './session.ts';

const signedIn = (csrfToken: string): SessionAnswer => ({
  signedIn: true,
  signIn: 'password',
  statusPage: false,
  user: 'operate',
  role: 'operate',
  csrfToken,
  expiresAt: null,
  leaderless: null,
});

function json(value: unknown, status = 200): () => Response {
  return () => Response.json(value, { status });
}

describe('a request of the page', () => {
  let sent: { readonly address: string; readonly init: RequestInit }[] = [];
  let answers: (() => Response | Promise<Response>)[] = [];

  beforeEach(() => {
    sent = [];
    session.set(signedIn('first'));
    vi.stubGlobal('fetch', async (asked: string, init: RequestInit) => {
      sent.push({ address: asked, init });
      const answer = answers.shift();
      if (answer === undefined) throw new TypeError('Failed to fetch');
      return answer();
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    session.set(undefined);
  });
  const header = (index: number, name: string): string | null => new Headers(sent[index]?.init.headers).get(name);

  it('is relative, and leaves out what is not given', () => {
    expect(address('api/policy', { key: 'default/web', hours: undefined, limit: 5 })).toBe(
      './api/policy?key=default%2Fweb&limit=5',
    );
  });

  it('carries the token when it writes, and only then', async () => {
    answers = [json({ a: 1 }), json({ done: true })];
    expect(await get('api/x')).toEqual({ ok: true, value: { a: 1 } });
    expect(await post('api/x', {})).toEqual({ ok: true, value: { done: true } });
    expect([header(0, 'x-csrf-token'), header(1, 'x-csrf-token')]).toEqual([null, 'first']);
  });

  it('gives a refusal with its details as a value', async () => {
    answers = [json({ error: 'it is not valid', details: [{ message: 'no', line: 7 }] }, 422)];
    expect(await post('api/policies', {})).toEqual({
      ok: false,
      status: 422,
      error: 'it is not valid',
      details: [{ message: 'no', line: 7 }],
    });
  });

  it.each([
    [
      'a proxy that answers with a page',
      () => new Response('<h1>Bad Gateway</h1>', { status: 502 }),
      502,
      /Bad Gateway/,
    ],
    ['a refusal without a word', () => new Response('', { status: 500 }), 500, /answered 500/],
  ])('takes %s', async (_case, answer, status, error) => {
    answers = [answer];
    expect(await get('api/x')).toMatchObject({ ok: false, status, error: expect.stringMatching(error) });
  });

  it('says that nobody answers, and that it was cancelled', async () => {
    expect(await get('api/x')).toMatchObject({ ok: false, status: 0, error: 'the controller cannot be reached' });
    answers = [() => Promise.reject(new DOMException('', 'AbortError'))];
    expect(await get('api/x')).toMatchObject({ ok: false, status: 0, error: 'cancelled' });
  });

  it('takes 401 for the end of the session', async () => {
    answers = [json({ error: 'sign in first' }, 401)];
    await get('api/x');
    expect(session.get()).toMatchObject({ signedIn: false, signIn: 'password', csrfToken: null });
  });

  it('writes again with the new token of a controller that was started anew', async () => {
    const old = json({ error: 'the header x-csrf-token is missing or old' }, 403);
    answers = [old, json(signedIn('second')), json({ done: true })];
    expect(await post('api/x', {})).toMatchObject({ ok: true });
    expect(sent.map((request) => request.address)).toEqual(['./api/x', './api/session', './api/x']);
    expect(header(2, 'x-csrf-token')).toBe('second');
  });

  it('does not repeat what it is not allowed to do', async () => {
    answers = [json({ error: 'your role is view' }, 403), json(signedIn('first'))];
    expect(await post('api/x', {})).toMatchObject({ ok: false, status: 403 });
    expect(sent).toHaveLength(2);
  });

  it('has no body to read in a 204', async () => {
    answers = [() => new Response(null, { status: 204 })];
    expect(await post('api/live/s/screen', { ids: [] })).toEqual({ ok: true, value: undefined });
  });
});
