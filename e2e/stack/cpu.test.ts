import { afterEach, describe, expect, it } from 'vitest';
import type { AlertView } from '../../controller/src/dashboard/view.ts';
import { COOLDOWN_MS, useStack, WAIT_MS } from './stack.ts';
import { throughout, until } from '../until.ts';

/** The last look before the cooldown ends must not see the mail that its end brings. */
const LOOK_AHEAD_MS = 5000;

describe('a container whose processor is exhausted', () => {
  const stack = useStack();
  const { api } = stack;
  afterEach(async () => {
    await stack.compose('rm', '--stop', '--force', 'load');
  });

  const told = async (): Promise<number> => {
    const mails = await api.mails('CRITICAL', 'webapp', 'cpu is');
    return mails.filter(({ text }) => !text.startsWith('RESOLVED')).length;
  };
  const critical = async (): Promise<AlertView | undefined> => {
    const alert = await api.alert('webapp', 'cpu');
    return alert?.state === 'firing' && alert.severity === 'critical' ? alert : undefined;
  };

  it('is told once a cooldown, though the controller is killed in between', async () => {
    const begunAt = Date.now();
    await stack.startLoad('extreme');
    const first = await until('the first mail', WAIT_MS, async () => {
      const alert = await critical();
      // A start of the container may have been told before.
      return alert !== undefined && (alert.lastNotifiedAt ?? 0) >= begunAt ? alert : undefined;
    });
    expect(await told()).toBe(1);
    await until('that is written down', WAIT_MS, async () => {
      const alerts = await stack.storedObjects('alerts.foghorn.dev');
      const written = alerts.find(({ metadata }) => metadata.name.startsWith('default-cpu-webapp-'));
      return written?.status?.['notifications'] === first.notifications || undefined;
    });

    await stack.docker('kill', '--signal', 'KILL', 'monitor');
    await stack.docker('start', 'monitor');
    const after = await until('the controller is back', WAIT_MS, critical);
    expect(after).toMatchObject({
      firedAt: first.firedAt,
      notifications: first.notifications,
      lastNotifiedAt: first.lastNotifiedAt,
    });

    const cooldownEndsAt = (first.lastNotifiedAt ?? 0) + COOLDOWN_MS;
    await throughout(cooldownEndsAt - Date.now() - LOOK_AHEAD_MS, async () => {
      expect(await told()).toBe(1);
    });
    const second = await until('the reminder', WAIT_MS, async () => {
      const alert = await critical();
      return alert?.notifications === first.notifications + 1 ? alert : undefined;
    });
    expect((second.lastNotifiedAt ?? 0) - (first.lastNotifiedAt ?? 0)).toBeGreaterThanOrEqual(COOLDOWN_MS);
    expect(await told()).toBe(2);

    await stack.compose('rm', '--stop', '--force', 'load');
    await until('a mail says that it is well', WAIT_MS, async () => (await api.mails('RESOLVED', 'cpu is')).at(0));
  });
});
