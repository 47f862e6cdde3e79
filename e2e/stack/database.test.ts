import { describe, expect, it } from 'vitest';
import { INTERVAL_MS, ownAlerts, STOP_GRACE_MS, useStack } from './stack.ts';
import { until } from '../until.ts';

const SLACK_MS = 2000;
const HEALTH_URL = 'http://127.0.0.1:8000/health';
const PROBE_TIMEOUT_MS = 5000;
/** Compose waits for the health check of the database. */
const HEAL_MS = 30_000;

describe('a database that is away', () => {
  const stack = useStack();
  const { api } = stack;

  it('turns the health of the application to 500, is told by both probes, and heals by itself', async () => {
    await stack.compose('stop', 'db');
    const health = await fetch(HEALTH_URL, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    expect(health.status).toBe(500);
    expect(await health.json()).toMatchObject({ status: 'unhealthy' });
    for (const rule of ['http', 'database']) {
      await until(`the rule ${rule} fires`, INTERVAL_MS + PROBE_TIMEOUT_MS + SLACK_MS, async () => {
        const alert = await api.alert('webapp', rule);
        return (alert?.state === 'firing' && alert.severity === 'critical') || undefined;
      });
    }
    await until('a mail says HTTP 500', SLACK_MS, async () =>
      (await api.mails('CRITICAL', 'webapp', 'HTTP 500')).at(0),
    );
    const webapp = (await api.state()).containers.find(({ name }) => name === 'webapp');
    expect(webapp).toMatchObject({ state: 'running', http: { up: false, status: 500 }, database: { up: false } });
    await until('the container of the database is down', STOP_GRACE_MS + INTERVAL_MS, async () =>
      (await api.mails('CRITICAL', 'postgres-db', 'DOWN')).at(0),
    );

    await stack.compose('start', 'db');
    await until('all is well again', HEAL_MS, async () => {
      const alerts = await ownAlerts(api);
      return alerts.every(({ state }) => state === 'resolved') || undefined;
    });
    expect((await fetch(HEALTH_URL, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).status).toBe(200);
  });
});
