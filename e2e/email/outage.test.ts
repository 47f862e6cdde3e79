import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, type FakeClock } from '../../controller/src/fake-clock.ts';
import { freePort } from '../../controller/src/free-port.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import type { Notification } from '../../controller/src/model/notification.ts';
import { buildFiringAlert, buildNotification, buildNotified } from '../../controller/src/notify/builders.ts';
import { createOutbox, type DeliveryResult, type Outbox } from '../../controller/src/notify/outbox.ts';
import { renderEmail } from '../../controller/src/notify/render/render-email.ts';
import { createSesNotifier, type SesNotifier } from '../../controller/src/notify/ses.ts';
import { startFakeSes, type FakeSes } from './fake-ses.ts';
import { stubSesEnvironment } from './ses-environment.ts';

function about(name: string, cpu: number, to: readonly string[] = ['ops@example.org']): Notification {
  const target = { id: `local/${name}`, host: 'local', namespace: '', name };
  const alert = buildFiringAlert({ target, message: `CPU ${cpu} % (rule cpu > 80)` });
  return buildNotification({ id: `first:${name}`, alerts: [buildNotified(alert)], to });
}

describe('alert mails and a SES in trouble', () => {
  let ses: FakeSes;
  let clock: FakeClock;
  let notifier: SesNotifier;
  let outbox: Outbox;
  let results: DeliveryResult[];

  beforeEach(async () => {
    ses = await startFakeSes(await freePort());
    stubSesEnvironment(ses.url);
    clock = createFakeClock();
    results = [];
    const log = createSilentLog();
    notifier = createSesNotifier({ region: 'us-east-1', requestTimeoutMs: 10_000, clock, log });
    outbox = createOutbox({
      notifier,
      clock,
      log,
      render: (notification, now) =>
        renderEmail(notification, { now, dashboardUrl: 'http://localhost:8001', timeZone: 'UTC' }),
      readiness: { configured: true, message: '' },
      onResult: (result) => results.push(result),
      random: () => 0.5,
    });
  });
  afterEach(async () => {
    await ses.close();
    notifier.close();
    vi.unstubAllEnvs();
  });

  /** One tick, and all that it sends has had its answer. */
  async function tick(planned: readonly Notification[], resultCount: number): Promise<void> {
    outbox.offer(planned, clock.now());
    await expect.poll(() => results.length, { interval: 2 }).toBe(resultCount);
  }

  it('sends one mail of the truth of then when an outage ends, not those that failed before', async () => {
    ses.behave(() => ({ kind: 'error', status: 503, code: 'ServiceUnavailable', message: 'later' }));
    await tick([about('webapp', 85), about('db', 90)], 2);
    for (let attempt = 3; attempt < 8; attempt += 1) {
      await clock.advance(300_000);
      await tick([about('webapp', 85 + attempt), about('db', 90)], attempt);
    }
    expect(outbox.snapshot()).toMatchObject({ waiting: 2, sent: 0 });
    expect(outbox.snapshot().lastError).toContain('ServiceUnavailable');
    ses.behave(() => ({ kind: 'accept' }));
    await clock.advance(300_000);
    await tick([about('webapp', 99)], 8);
    expect(ses.accepted.map(({ text }) => text.split('\n', 1)[0])).toEqual(['CRITICAL: CPU 99 % (rule cpu > 80)']);
    expect(outbox.snapshot()).toMatchObject({ waiting: 0, sent: 1, lastError: undefined });
  });

  it('costs the other recipients nothing when one is refused', async () => {
    const message = 'Email address is not verified. The following identities failed the check: bad@example.org';
    ses.behave(({ to }) =>
      to.includes('bad@example.org')
        ? { kind: 'error', status: 400, code: 'MessageRejected', message }
        : { kind: 'accept' },
    );
    await tick([about('webapp', 85, ['bad@example.org', 'ops@example.org', 'dev@example.org'])], 3);
    expect(ses.accepted.flatMap(({ to }) => to).toSorted()).toEqual(['dev@example.org', 'ops@example.org']);
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['open', 'open', 'sent']);
    expect(outbox.snapshot()).toMatchObject({ sent: 2, failed: 1, waiting: 0 });
  });

  it('loses nothing when the answer is lost, and doubles one mail at most', async () => {
    ses.behave((_, request) => (request === 1 ? { kind: 'acceptSilently' } : { kind: 'accept' }));
    outbox.offer([about('webapp', 85)], clock.now());
    await expect.poll(ses.requests, { interval: 2 }).toBe(1);
    await clock.advance(10_000);
    await expect.poll(() => results).toMatchObject([{ delivery: { kind: 'retry', reason: 'timeout' } }]);
    await clock.advance(2000);
    await tick([about('webapp', 85)], 2);
    expect(ses.accepted.length).toBe(2);
    await clock.advance(600_000);
    outbox.offer([about('webapp', 85)], clock.now());
    await clock.advance(0);
    expect(ses.requests()).toBe(2);
  });

  it('heals by itself when the endpoint was away', async () => {
    await ses.close();
    await tick([about('webapp', 85)], 1);
    expect(results[0]?.delivery).toMatchObject({ kind: 'retry', reason: 'network' });
    expect(outbox.snapshot().lastError).toContain('ECONNREFUSED');
    ses = await startFakeSes(Number(new URL(ses.url).port));
    await clock.advance(2000);
    await tick([about('webapp', 85)], 2);
    expect(ses.accepted.length).toBe(1);
    expect(outbox.snapshot()).toMatchObject({ sent: 1, waiting: 0, lastError: undefined });
  });

  it('says what to do when there are no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    await tick([about('webapp', 85)], 1);
    expect(results[0]?.delivery).toMatchObject({ kind: 'retry', reason: 'credentials' });
    expect(outbox.snapshot().lastError).toContain('Check the AWS credentials');
  });
});
