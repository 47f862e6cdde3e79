import { describe, expect, it } from 'vitest';
import { INTERVAL_MS, STOP_GRACE_MS, useStack } from './stack.ts';
import { until } from './until.ts';

/** A tick of the controller, and the way of the mail. */
const SLACK_MS = 2000;

describe('a container that goes down', () => {
  const stack = useStack();

  it('is told by mail, log, API and object within an interval, and so is its return', async () => {
    const { api } = stack;
    await stack.compose('stop', 'webapp');
    const stoppedAt = performance.now();
    const mail = await until('a mail says DOWN', STOP_GRACE_MS + INTERVAL_MS + SLACK_MS, async () =>
      (await api.mails('CRITICAL', 'webapp', 'DOWN')).at(0),
    );
    console.log(`mail ${Math.round(performance.now() - stoppedAt)} ms after the stop: ${mail.subject}`);
    expect(mail).toMatchObject({ subject: '[CRITICAL] webapp: container is DOWN (state exited, exit code 0)' });
    expect(mail.to).toEqual(['oncall@example.com']);
    expect(mail.text).toContain('RECOMMENDED ACTIONS');
    expect(await stack.readLog('status')).toMatch(/Container: DOWN \| HTTP: 000 \| Name: webapp .*State: exited/);
    expect(await api.alert('webapp', 'down')).toMatchObject({
      state: 'firing',
      severity: 'critical',
      notifications: 1,
    });
    const [stored] = (await stack.storedObjects('alerts.foghorn.dev')).filter(({ spec }) => spec['rule'] === 'down');
    expect(stored).toMatchObject({ status: { state: 'Firing', severity: 'critical', notifications: 1 } });

    await stack.compose('start', 'webapp');
    const startedAt = performance.now();
    await until('a mail says resolved', INTERVAL_MS + SLACK_MS, async () =>
      (await api.mails('RESOLVED', 'DOWN')).at(0),
    );
    console.log(`resolved mail ${Math.round(performance.now() - startedAt)} ms after the start`);
    expect(await api.alert('webapp', 'down')).toMatchObject({ state: 'resolved', notifications: 2 });
  });

  it('is not told when it was only restarted', async () => {
    await stack.compose('restart', 'webapp');
    await until('the restart is noted', INTERVAL_MS + SLACK_MS, async () =>
      (await stack.api.mails('INFO', 'restarted')).at(0),
    );
    expect(await stack.api.mails('CRITICAL')).toEqual([]);
    expect(await stack.api.mails('WARNING')).toEqual([]);
  });
});
