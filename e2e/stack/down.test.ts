import { describe, expect, it } from 'vitest';
import { INTERVAL_MS, STOP_GRACE_MS, useStack } from './stack.ts';
import { until } from '../until.ts';

/** A tick of the controller, and the way of the mail. */
const SLACK_MS = 2000;

describe('a container that goes down', () => {
  const stack = useStack();
  const { api } = stack;

  it('is told by mail, log, API and object within grace time and interval, and so is its return', async () => {
    await stack.compose('stop', 'webapp');
    const mail = await until('a mail says DOWN', STOP_GRACE_MS + INTERVAL_MS + SLACK_MS, async () =>
      (await api.mails('CRITICAL', 'webapp: container is DOWN (state exited, exit code 0)')).at(0),
    );
    expect(mail.subject).toMatch(/^\[CRITICAL\] .*webapp/);
    expect(mail.to).toEqual(['oncall@example.com']);
    expect(mail.text).toContain('RECOMMENDED ACTIONS');
    expect(await stack.readLog('status')).toMatch(/Container: DOWN \| HTTP: 000 \| Name: webapp .*State: exited/);
    await until('the alert says that it was told', SLACK_MS, async () => {
      expect(await api.alert('webapp', 'down')).toMatchObject({
        state: 'firing',
        severity: 'critical',
        notifications: 1,
      });
      return true;
    });
    const alerts = await stack.storedObjects('alerts.foghorn.dev');
    expect(alerts.filter(({ metadata }) => metadata.name.startsWith('default-down-webapp-'))).toMatchObject([
      {
        status: { state: 'Firing', severity: 'critical', notifications: 1 },
      },
    ]);

    await stack.compose('start', 'webapp');
    await until('a mail says that it is back', INTERVAL_MS + SLACK_MS, async () =>
      (await api.mails('RESOLVED', 'container is DOWN')).at(0),
    );
    expect(await api.alert('webapp', 'down')).toMatchObject({ state: 'resolved' });
  });

  it('is not told when it was only restarted', async () => {
    const before = Date.now();
    await stack.compose('restart', 'webapp');
    await until('the restart is noted', INTERVAL_MS + SLACK_MS, async () => {
      const restart = await api.alert('webapp', 'restart');
      return (restart?.since ?? 0) >= before || undefined;
    });
    await until('its next answer is seen', 2 * INTERVAL_MS, async () => {
      const webapp = (await api.state()).containers.find(({ name }) => name === 'webapp');
      return webapp?.http?.up === true || undefined;
    });
    const mails = await api.mails('webapp');
    expect(mails.filter(({ subject }) => /^\[(CRITICAL|WARNING)/.test(subject))).toEqual([]);
  });
});
