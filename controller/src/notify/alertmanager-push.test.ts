import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { Alert } from '../model/alert.ts';
import { createAlertmanagerPusher, type AlertmanagerPusher } from './alertmanager-push.ts';
import { buildFiringAlert, buildResolvedAlert, builtAt } from './builders.ts';

interface Pushed {
  readonly labels: Readonly<Record<string, string>>;
  readonly endsAt: string;
}

describe('the Alertmanager that is kept informed', () => {
  let server: Server;
  let calls: { readonly path: string; readonly body: readonly Pushed[] }[];
  let status: number;
  let clock: FakeClock;
  let alerts: readonly Alert[];
  let pusher: AlertmanagerPusher;

  beforeEach(async () => {
    calls = [];
    status = 200;
    alerts = [];
    clock = createFakeClock(builtAt);
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        calls.push({ path: request.url ?? '', body: JSON.parse(body) as readonly Pushed[] });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    pusher = createAlertmanagerPusher({
      url: `http://127.0.0.1:${port}/`,
      alerts: () => alerts,
      dashboardUrl: 'http://localhost:8001',
      clock,
      log: createSilentLog(),
    });
  });
  afterEach(async () => {
    await pusher.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Lets seconds pass until so many calls have come. */
  async function untilCalls(count: number): Promise<void> {
    await vi.waitFor(
      async () => {
        await clock.advance(1000);
        expect(calls.length).toBeGreaterThanOrEqual(count);
      },
      { interval: 50, timeout: 30_000 },
    );
  }

  it('says what fires at once, and again each minute for as long as it lasts', async () => {
    alerts = [buildFiringAlert()];
    pusher.start();
    await untilCalls(1);
    const before = clock.now();
    expect(calls[0]).toMatchObject({ path: '/api/v2/alerts', body: [{ labels: { alertname: 'cpu' } }] });
    await untilCalls(2);
    expect(clock.now() - before).toBeGreaterThan(50_000);
    expect(Date.parse(calls[1]?.body[0]?.endsAt ?? '')).toBeGreaterThan(clock.now() + 120_000);
  });

  it('says the end with its time', async () => {
    alerts = [buildResolvedAlert()];
    pusher.start();
    await untilCalls(1);
    expect(calls[0]?.body[0]?.endsAt).toBe('2026-01-13T10:42:00.000Z');
  });

  it('says a push again that was not taken', async () => {
    alerts = [buildFiringAlert()];
    status = 503;
    pusher.start();
    await untilCalls(1);
    status = 200;
    const before = clock.now();
    await untilCalls(2);
    expect(clock.now() - before).toBeLessThan(30_000);
  });

  it('leaves out what is silenced, inhibited or not yet firing', async () => {
    const silenced = buildFiringAlert({ key: 'a', silencedBy: 'night' });
    const inhibited = buildFiringAlert({ key: 'b', inhibitedBy: 'host' });
    alerts = [silenced, inhibited, buildFiringAlert({ key: 'c', rule: 'told' })];
    pusher.start();
    await untilCalls(1);
    expect(calls[0]?.body.map(({ labels }) => labels['alertname'])).toEqual(['told']);
  });
});
