import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { createFakeClock } from '../fake-clock.ts';
import type { Clock } from '../clock.ts';
import { buildFiringAlert, buildNotification, buildNotified, buildResolvedAlert, builtAt } from './builders.ts';
import { POST_TIMEOUT_MS } from './post-json.ts';
import { createWebhookNotifier, type WebhookNotifier } from './webhook.ts';

interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

describe('the webhook notifier', () => {
  let server: Server;
  let url: string;
  let calls: Call[];
  let answer: Answer | 'hang' | 'reset';

  beforeEach(async () => {
    calls = [];
    answer = { status: 200 };
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        calls.push({ path: request.url ?? '', headers: request.headers, body });
        if (answer === 'reset') request.socket.destroy();
        else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function notifier(clock: Clock = systemClock): WebhookNotifier {
    const env = { HOOK: `${url}/secret-path`, KEY: 'key', EMPTY: '' };
    const reader = { dashboardUrl: 'http://localhost:8001', timeZone: 'UTC' };
    return createWebhookNotifier({ clock, env, urls: [`${url}/one`], secret: 'shared', ...reader });
  }

  const notification = buildNotification({ alerts: [buildNotified(buildFiringAlert())] });

  it("sends the body of Alertmanager's webhooks", async () => {
    const alerts = [buildFiringAlert(), buildResolvedAlert({ rule: 'memory', key: 'b' })].map((alert) =>
      buildNotified(alert),
    );
    expect(await notifier().deliver(buildNotification({ alerts }), `alertmanager+${url}/hook?a=b`)).toEqual({
      kind: 'sent',
      messageId: 'HTTP 200',
    });
    const body: unknown = JSON.parse(calls[0]?.body ?? '');
    expect(calls[0]?.path).toBe('/hook?a=b');
    expect(body).toMatchObject({
      version: '4',
      status: 'firing',
      groupLabels: { policy: 'default/webapp' },
      commonLabels: { container: 'webapp', host: 'local', severity: 'critical' },
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'cpu', severity: 'critical', policy: 'default/webapp', container: 'webapp' },
          annotations: { summary: 'CPU 85.2 % (rule cpu > 80)', reason: 'first' },
          startsAt: '2026-01-13T10:30:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://localhost:8001/?target=local%2Fwebapp',
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        { status: 'resolved', endsAt: '2026-01-13T10:42:00.000Z' },
      ],
    });
  });

  it('sends a message of Slack, in which nothing from outside can call everybody', async () => {
    const alert = buildFiringAlert({ message: '<!channel> <https://evil.example|click> & more' });
    await notifier().deliver(buildNotification({ alerts: [buildNotified(alert)] }), 'slack+env:HOOK');
    expect(calls[0]?.path).toBe('/secret-path');
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({
      text: expect.stringContaining('[CRITICAL] webapp on local: cpu'),
      attachments: [{ color: '#b3261e', title_link: expect.stringContaining('localhost:8001') }],
    });
    expect(calls[0]?.body).not.toMatch(/<[!h]/);
  });

  it('says in Slack, which has no threads of one subject, that an alert is over', async () => {
    await notifier().deliver(buildNotification({ alerts: [buildNotified(buildResolvedAlert())] }), 'slack+env:HOOK');
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({
      text: '[RESOLVED] webapp on local: cpu - RESOLVED: CPU 85.2 % (rule cpu &gt; 80)',
    });
  });

  it('signs what it sends, with the time', async () => {
    await notifier(createFakeClock(builtAt)).deliver(notification, `alertmanager+${url}#secretEnv=KEY`);
    const [call] = calls;
    const { headers, body }: Omit<Call, 'path'> = call ?? { headers: {}, body: '' };
    expect(headers['x-foghorn-timestamp']).toBe(String(builtAt / 1000));
    const digest = createHmac('sha256', 'key')
      .update(`${builtAt / 1000}.${body}`)
      .digest('hex');
    expect(headers['x-foghorn-signature']).toBe(`sha256=${digest}`);
    expect(headers['x-foghorn-notification']).toBe(notification.id);
  });

  it('signs calls to the addresses of the settings with their key', async () => {
    await notifier().deliver(notification, 'alertmanager+setting:1');
    expect(calls[0]).toMatchObject({ path: '/one', headers: { 'x-foghorn-signature': expect.any(String) } });
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '30' } },
      { kind: 'retry', reason: 'throttled', afterMs: 30_000 },
    ],
    [{ status: 500 }, { kind: 'retry', reason: 'server' }],
    [
      { status: 503, body: 'down\r\nX: y' },
      { kind: 'retry', reason: 'server', message: 'HTTP 503: down X: y' },
    ],
    [{ status: 408 }, { kind: 'retry', reason: 'timeout' }],
    [
      { status: 403, body: 'invalid_token' },
      { kind: 'retry', reason: 'credentials' },
    ],
    [{ status: 404 }, { kind: 'rejected', reason: 'config' }],
    [
      { status: 400, body: 'invalid_payload' },
      { kind: 'rejected', reason: 'config' },
    ],
    ['reset' as const, { kind: 'retry', reason: 'network' }],
  ])('takes the answer %j as %j', async (given, expected) => {
    answer = given;
    expect(await notifier().deliver(notification, `alertmanager+${url}`)).toMatchObject(expected);
  });

  it('follows no redirect', async () => {
    answer = { status: 302, headers: { location: `${url}/metadata` } };
    expect(await notifier().deliver(notification, `alertmanager+${url}`)).toMatchObject({ kind: 'rejected' });
    expect(calls.length).toBe(1);
  });

  it('ends by its own deadline when nobody answers', async () => {
    answer = 'hang';
    const clock = createFakeClock();
    const sending = notifier(clock).deliver(notification, `alertmanager+${url}`);
    await clock.advance(POST_TIMEOUT_MS);
    expect(await sending).toMatchObject({ kind: 'retry', reason: 'timeout' });
  });

  it('heals when the address was away', async () => {
    expect(await notifier().deliver(notification, 'alertmanager+http://127.0.0.1:9')).toMatchObject({
      kind: 'retry',
      reason: 'network',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    ['slack+env:UNSET', 'names no address that is set'],
    ['slack+env:EMPTY', 'names no address that is set'],
    ['alertmanager+setting:2', 'names no address that is set'],
    ['slack+env:HOOK#secretEnv=UNSET', 'UNSET is not set'],
    ['slack+env:KEY', 'no http(s) address'],
  ])('sends nothing to %s', async (recipient, words) => {
    expect(await notifier().deliver(notification, recipient)).toMatchObject({
      kind: 'rejected',
      reason: 'config',
      message: expect.stringContaining(words),
    });
    expect(calls).toEqual([]);
  });

  it('leaves mail addresses to the mail', () => {
    expect(notifier().deliver(notification, 'ops@example.org')).toBeUndefined();
  });
});
