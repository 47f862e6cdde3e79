import { describe, expect, it } from 'vitest';
import type { Mail } from './controller-api.ts';
import { useStack, WAIT_MS } from './stack.ts';
import { until } from '../until.ts';

/** What a start takes of the processor of this machine is another matter. */
const isOfTrouble = ({ subject }: Mail): boolean => /^\[(CRITICAL|WARNING)/.test(subject) && !subject.endsWith(': cpu');

describe('a container that goes down', () => {
  const stack = useStack();
  const { api } = stack;

  it('is told by mail, log, API and object, and so is its return', async () => {
    await stack.compose('stop', 'webapp');
    const mail = await until('a mail says DOWN', WAIT_MS, async () =>
      (await api.mails('CRITICAL', 'webapp: container is DOWN (state exited, exit code 0)')).at(0),
    );
    expect(mail.subject).toMatch(/^\[CRITICAL\] .*webapp/);
    expect(mail.to).toEqual(['oncall@example.com']);
    expect(mail.text).toContain('RECOMMENDED ACTIONS');
    expect(await stack.readLog('status')).toMatch(/Container: DOWN \| HTTP: 000 \| Name: webapp .*State: exited/);
    await until('the alert says that it was told', WAIT_MS, async () => {
      expect(await api.alert('webapp', 'down')).toMatchObject({
        state: 'firing',
        severity: 'critical',
        notifications: 1,
      });
      return true;
    });
    await until('so does its object', WAIT_MS, async () => {
      const alerts = await stack.storedObjects('alerts.foghorn.dev');
      expect(alerts.filter(({ metadata }) => metadata.name.startsWith('default-down-webapp-'))).toMatchObject([
        { status: { state: 'Firing', severity: 'critical', notifications: 1 } },
      ]);
      return true;
    });

    await stack.compose('start', 'webapp');
    await until('a mail says that it is back', WAIT_MS, async () =>
      (await api.mails('RESOLVED', 'container is DOWN')).at(0),
    );
    expect(await api.alert('webapp', 'down')).toMatchObject({ state: 'resolved' });
  });

  it('is not told when it was only restarted', async () => {
    const before = Date.now();
    await stack.compose('restart', 'webapp');
    await until('the restart is noted', WAIT_MS, async () => {
      const restart = await api.alert('webapp', 'restart');
      return (restart?.since ?? 0) >= before || undefined;
    });
    await until('its next answer is seen', WAIT_MS, async () => {
      const webapp = (await api.state()).containers.find(({ name }) => name === 'webapp');
      return webapp?.http?.up === true || undefined;
    });
    const mails = await api.mails('webapp');
    expect(mails.filter(isOfTrouble)).toEqual([]);
  });
});
