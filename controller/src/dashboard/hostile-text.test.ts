import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { Alert } from '../model/alert.ts';
import { createFakeReader, fakeTarget } from './fake-reader.ts';
import { createLive } from './live/live.ts';
import { buildDashboard } from './server.ts';

const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'\r\n\r\nevent: state\ndata: {}\u2028\u0000`;

async function serve() {
  const clock = createFakeClock();
  const reader = createFakeReader({ clock });
  const log = createSilentLog();
  const { target } = fakeTarget(0, 0).observation;
  const named = { ...target, id: hostile, name: hostile, host: hostile, namespace: hostile, image: hostile };
  const labelled = { ...named, labels: { [hostile]: hostile } };
  const http = { protocol: 'http' as const, at: 0, up: false, error: { kind: 'network' as const, message: hostile } };
  reader.put(fakeTarget(0, 0, { target: labelled, note: hostile, probes: { [hostile]: http } }));
  reader.set({ problems: [{ key: hostile, reason: hostile, message: hostile, since: 0 }], alerts: [hostileAlert] });
  Object.assign(reader, { recentLines: () => [hostile] });
  const live = createLive({ reader, clock, log });
  const access = { passwords: [], tokens: [], trustedProxies: [], operators: [] };
  const options = { host: '127.0.0.1', port: 0, url: 'http://localhost:8001', webDir: '/nowhere', access };
  const statusPage = { names: ['*'], title: hostile };
  const app = await buildDashboard({ ...options, statusPage }, { reader, clock, log }, live);
  onTestFinished(async () => {
    await live.stop();
    await app.close();
  });
  return app;
}

const hostileAlert: Alert = {
  key: hostile,
  policy: hostile,
  policyUid: '1',
  rule: hostile,
  target: { id: hostile, host: hostile, namespace: hostile, name: hostile },
  severity: 'critical',
  message: hostile,
  actions: [hostile],
  values: {},
  levels: [],
  eventLike: false,
  pendingSince: 0,
  notified: { count: 0, resolvedTold: false, flaps: 0, rejected: hostile },
  state: 'firing',
  firedAt: 0,
  acknowledgedBy: hostile,
};

const headers = { host: 'localhost:8001' };

describe('text from outside', () => {
  it.each(['/api/state', '/api/metrics', '/api/logs?file=metrics', '/api/status-page', '/api/session'])(
    'comes in %s as JSON, which no browser takes for a page',
    async (url) => {
      const app = await serve();
      const answer = await app.inject({ url, headers });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['content-security-policy']).toMatch(
        /default-src 'none'; script-src 'self'; style-src 'self'/,
      );
      expect(answer.headers['content-security-policy']).not.toMatch(/unsafe|\*/);
      expect(() => JSON.parse(answer.body)).not.toThrow();
    },
  );

  it.each([
    ['an address that is not there', `/api/${encodeURIComponent(hostile)}`, 404],
    ['a value that is refused', `/api/history?metric=${encodeURIComponent(hostile)}&target=x`, 400],
    ['an id of no event', `/api/nothing?last=${encodeURIComponent(hostile)}`, 404],
  ])('in %s is answered as JSON too', async (_what, url, status) => {
    const app = await serve();
    const answer = await app.inject({ url, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('is a label in the metrics, on one line', async () => {
    const app = await serve();
    const answer = await app.inject({ url: '/metrics', headers });
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const lines = answer.body.split('\n').filter((line) => line.includes('alert(1)'));
    expect(lines.every((line) => line.startsWith('foghorn_'))).toBe(true);
    expect(answer.body.split('\n')).not.toContain('event: state');
  });

  it('ends no event of the stream', async () => {
    const app = await serve();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const { type, nosniff, text } = await firstEvents(port);
    expect(type).toBe('text/event-stream');
    expect(nosniff).toBe('nosniff');
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/).filter((block) => block !== '');
    expect(blocks).toHaveLength(2);
    const [data = ''] = blocks[1]?.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data: ')) ?? [];
    expect(JSON.parse(data.slice(6))).toMatchObject({
      rows: [{ id: hostile, name: hostile, image: hostile }],
      alerts: [{ key: hostile, message: hostile, acknowledgedBy: hostile }],
    });
  });
});

interface FirstEvents {
  readonly type: string | undefined;
  readonly nosniff: string | readonly string[] | undefined;
  readonly text: string;
}

/** `hello` and `state`. */
function firstEvents(port: number): Promise<FirstEvents> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/api/live' }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
        if (!/event: state\n.*\n\n$/s.test(text)) return;
        resolve({ type: response.headers['content-type'], nosniff: response.headers['x-content-type-options'], text });
        response.destroy();
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}
