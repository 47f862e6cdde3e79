import { request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { createFakeDesk, type FakeDesk } from '../fake-desk.ts';
import { createFakeReader } from '../fake-reader.ts';
import { createLive } from '../live/live.ts';
import { buildDashboard } from '../server.ts';

const at = { host: 'localhost:8001' };
const access = { passwords: [], tokens: [], trustedProxies: [], operators: [] };

let app: FastifyInstance;
let desk: FakeDesk;
let clock: FakeClock;
let csrf = '';
let target = '';

beforeEach(async () => {
  clock = createFakeClock();
  desk = createFakeDesk();
  const log = createSilentLog();
  const reader = createFakeReader({ clock, containers: 3 });
  target = reader.overview().targets[0]?.observation.target.id ?? '';
  const options = {
    host: '127.0.0.1',
    port: 0,
    url: 'http://localhost:8001',
    webDir: '/nowhere',
    access,
    statusPage: { names: ['web'], title: '' },
  };
  app = await buildDashboard(options, { reader, desk, clock, log }, createLive({ reader, clock, log }));
  await app.ready();
  const session: SessionAnswer = (await app.inject({ url: '/api/session', headers: at })).json();
  csrf = session.csrfToken ?? '';
});
afterEach(() => app.close());

const get = (url: string): Promise<LightMyRequestResponse> => app.inject({ url, headers: at });
const write = (method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object): Promise<LightMyRequestResponse> =>
  app.inject({ method, url, headers: { ...at, 'x-csrf-token': csrf }, ...(payload && { payload }) });

describe('what a page reads', () => {
  it('a container, with its ports', async () => {
    const answer = await get(`/api/container?target=${encodeURIComponent(target)}`);
    expect(answer.json()).toMatchObject({
      container: { id: target },
      ports: [{ containerPort: 80, hostPort: null }],
      log: { available: true },
    });
    expect((await get('/api/container?target=nobody')).statusCode).toBe(404);
  });

  it.each([
    ['/api/container', 400],
    [`/api/container?target=${'x'.repeat(1001)}`, 400],
    ['/api/container/marks?target=a&from=5&to=5', 400],
    ['/api/container/marks?target=a', 200],
    ['/api/container/log?target=process/web', 404],
    ['/api/container/log?target=a&tail=100000', 400],
    ['/api/uptime?targets=a,b', 200],
    [`/api/uptime?targets=${Array.from({ length: 101 }, (_, index) => index).join(',')}`, 400],
    ['/api/policies', 200],
    ['/api/policy?key=default/web', 200],
    ['/api/policy?key=default/none', 404],
    ['/api/policy?key=..%2f..', 400],
    ['/api/policy?key=nonsense', 400],
    ['/api/schema?kind=MonitorPolicy', 200],
    ['/api/schema?kind=Secret', 400],
    ['/api/alerts', 200],
    ['/api/alerts?state=gone', 400],
    ['/api/alerts?limit=100000', 400],
    ['/api/silences', 200],
    ['/api/load-tests', 200],
    ['/api/load-tests/samples', 200],
    ['/api/load-test?key=default/none', 404],
    ['/api/mails', 200],
    ['/api/mails/unknown/html', 404],
  ])('%s answers %i', async (url, status) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(status);
    expect('error' in answer.json()).toBe(status >= 400);
  });

  it('a mail in a sandbox that runs nothing', async () => {
    const { headers, body } = await get('/api/mails/known/html');
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
    expect(headers['content-security-policy']).not.toContain('script-src');
    expect(headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(body).toContain('<h1 style="color:red">');
  });
});

describe('what a page does', () => {
  it.each([
    ['PUT', '/api/policies', { yaml: 'a: 1' }],
    ['DELETE', '/api/policies?key=default/web', undefined],
    ['POST', '/api/policies/check', { yaml: 'a: 1' }],
    ['POST', '/api/policies/preview', { yaml: 'a: 1' }],
    ['POST', '/api/alerts/acknowledge', { key: 'k', acknowledged: true }],
    ['POST', '/api/silences', { target: 'local/web', durationMs: 60_000, comment: '' }],
    ['DELETE', '/api/silences?name=default/page-1', undefined],
    ['POST', '/api/load-tests', { sample: 'smoke' }],
    ['POST', '/api/load-tests/stop', { key: 'default/smoke' }],
    ['POST', '/api/mails/test', {}],
  ] as const)('%s %s needs the token of a page of ours', async (method, url, payload) => {
    const refused = await app.inject({ method, url, headers: at, ...(payload && { payload }) });
    expect(refused.statusCode).toBe(403);
    expect(desk.calls).toEqual([]);
    expect((await write(method, url, payload)).statusCode).not.toBe(403);
  });

  it('says where a text is wrong', async () => {
    const answer = await write('PUT', '/api/policies', { yaml: 'a: 1' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toEqual({
      error: 'it is not valid',
      details: [{ path: 'spec.rules[0].expr', line: 7, column: 3, message: 'no' }],
    });
  });

  it('has one preview at a time', async () => {
    expect((await write('POST', '/api/policies/preview', { yaml: 'a: 1' })).statusCode).toBe(429);
  });

  it('notes who acknowledged, and that nobody does any more', async () => {
    await write('POST', '/api/alerts/acknowledge', { key: 'k', acknowledged: true });
    await write('POST', '/api/alerts/acknowledge', { key: 'k', acknowledged: false });
    expect(desk.calls).toEqual([
      ['acknowledge', 'k', 'dashboard'],
      ['acknowledge', 'k', undefined],
    ]);
  });

  it.each([
    ['/api/silences', { target: 'a', alertKey: 'b', durationMs: 60_000, comment: '' }],
    ['/api/silences', { target: 'a', durationMs: 60_000, until: 5, comment: '' }],
    ['/api/silences', { target: 'a', comment: '' }],
    ['/api/silences', { durationMs: 60_000, comment: '' }],
    ['/api/silences', { target: 'a', durationMs: 1e12, comment: '' }],
    ['/api/silences', { target: 'a', durationMs: 60_000 }],
    ['/api/silences', { matchers: { severities: ['loud'] }, durationMs: 60_000, comment: '' }],
    ['/api/load-tests', { sample: 'smoke', yaml: 'a: 1' }],
    ['/api/load-tests', { sample: '../../etc/passwd' }],
    ['/api/load-tests', {}],
    ['/api/load-tests/stop', { key: 'nonsense' }],
    ['/api/policies/preview', { yaml: 'a: 1', hours: 1000 }],
    ['/api/policies/check', { yaml: '' }],
    ['/api/alerts/acknowledge', { key: 'k' }],
  ])('%s refuses %j', async (url, payload) => {
    expect((await write('POST', url, payload)).statusCode).toBe(400);
    expect(desk.calls).toEqual([]);
  });

  it('takes no text without end', async () => {
    expect((await write('PUT', '/api/policies', { yaml: 'x'.repeat(200_001) })).statusCode).toBe(400);
    expect((await write('PUT', '/api/policies', { yaml: 'x'.repeat(600_000) })).statusCode).toBe(413);
  });
});

/** Watches it over a socket: an answer without end. */
async function open() {
  const path = '/api/container/log?target=a&tail=5';
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const call = request({ port, host: '127.0.0.1', path, headers: at });
  const response = await new Promise<IncomingMessage>((resolve) => {
    call.on('response', resolve).end();
  });
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return { response, text: () => text, close: () => call.destroy() };
}

describe('the log of a container', () => {
  it('comes as events, without what could harm a page, and ends with its viewer', async () => {
    const bytes = Buffer.from('2026-11-22T10:00:00.5Z \u001B[31mred\u001B[0m <b>\u202E\r\npart');
    desk.chunks = [{ stream: 'stderr', bytes }];
    const log = await open();
    await expect.poll(() => desk.logSignals).toHaveLength(1);
    await clock.advance(250);
    await expect.poll(log.text).toContain('event: lines');
    expect(log.text()).toContain(
      JSON.stringify({ stream: 'stderr', at: Date.parse('2026-11-22T10:00:00.5Z'), text: 'red <b>' }),
    );
    expect(log.response.headers['content-security-policy']).toContain("default-src 'none'");
    log.close();
    await expect.poll(() => desk.logSignals[0]?.aborted).toBe(true);
  });

  it('is not opened by who asks for its head', async () => {
    expect((await app.inject({ method: 'HEAD', url: '/api/container/log?target=a', headers: at })).statusCode).toBe(
      404,
    );
    expect(desk.logSignals).toEqual([]);
  });

  it('ends with the controller', async () => {
    const log = await open();
    await expect.poll(() => desk.logSignals).toHaveLength(1);
    await app.close();
    expect(desk.logSignals[0]?.aborted).toBe(true);
    log.close();
  });
});

it('docs/dashboard-api.md has every route of the API, and no other', () => {
  const documented = readFileSync(join(import.meta.dirname, '../../../../docs/dashboard-api.md'), 'utf8')
    .split('\n')
    .flatMap((line) => /^\| `([A-Z]+) (\/?[^`?]*)/.exec(line)?.slice(1, 3).join(' ') ?? []);
  expect(documented.toSorted()).toEqual(registered(app).toSorted());
});

/** `GET api/state`, as the document has it. */
function registered(server: FastifyInstance): readonly string[] {
  const found: string[] = [];
  const path: string[] = [];
  for (const line of server.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│├└─\s]*)(\/?\S*) \(([A-Z, ]+)\)$/.exec(line);
    const bare = match ?? /^([│├└─\s]*)(\/?\S*)$/.exec(line);
    if (bare === null || line.trim() === '') continue;
    const depth = Math.floor((bare[1] ?? '').length / 4);
    path.splice(Math.max(0, depth - 1), path.length, bare[2] ?? '');
    for (const method of (match?.[3] ?? '').split(', ').filter((one) => one !== '' && one !== 'HEAD')) {
      found.push(`${method} ${path.join('')}`);
    }
  }
  return found.filter((route) => / \/(api|metrics|healthz|readyz)/.test(route));
}
