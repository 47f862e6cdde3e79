import { describe, expect, it } from 'vitest';
import { ownAlerts, useStack, WAIT_MS } from './stack.ts';
import { until } from '../until.ts';

const HEALTH_URL = 'http://127.0.0.1:8000/health';
const REQUEST_TIMEOUT_MS = 30_000;

describe('a database that is away', () => {
  const stack = useStack();
  const { api } = stack;

  it('turns the health of the application to 500, is told by both probes, and heals by itself', async () => {
    await stack.compose('stop', 'db');
    const health = await fetch(HEALTH_URL, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    expect(health.status).toBe(500);
    expect(await health.json()).toMatchObject({ status: 'unhealthy' });
    for (const rule of ['http', 'database']) {
      await until(`the rule ${rule} fires`, WAIT_MS, async () => {
        const alert = await api.alert('webapp', rule);
        return (alert?.state === 'firing' && alert.severity === 'critical') || undefined;
      });
    }
    await until('a mail says HTTP 500', WAIT_MS, async () => (await api.mails('CRITICAL', 'webapp', 'HTTP 500')).at(0));
    const webapp = (await api.state()).containers.find(({ name }) => name === 'webapp');
    expect(webapp).toMatchObject({ state: 'running', http: { up: false, status: 500 }, database: { up: false } });
    await until('the container of the database is down', WAIT_MS, async () =>
      (await api.mails('CRITICAL', 'postgres-db', 'DOWN')).at(0),
    );

    await stack.compose('start', 'db');
    await until('all is well again', WAIT_MS, async () => {
      const alerts = await ownAlerts(api);
      return alerts.every(({ state }) => state === 'resolved') || undefined;
    });
    expect((await fetch(HEALTH_URL, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })).status).toBe(200);
  });
});
