import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { useStack, WAIT_MS } from './stack.ts';
import { throughout, until } from '../until.ts';

/** Longer than the pause of the outbox between two attempts just after a success. */
const QUIET_MS = 4000;

const alwaysFiring = `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: always
spec:
  interval: 5s
  cooldown: 1h
  selector: {}
  containerNames: [webapp]
  rules:
    - name: always
      severity: warning
      expr: up
      message: this always fires
`;

describe('what can be wrong around the controller', () => {
  const stack = useStack();
  const { api } = stack;
  const file = join(stack.policies, 'always.yaml');
  afterEach(async () => {
    await rm(file, { force: true });
  });

  it('refuses a second controller on the same data with one clear line', async () => {
    const second = stack.compose('run', '--rm', '--no-deps', '--name', 'monitor-second', 'controller');
    const fault = await second.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).toMatchObject({ code: 2 });
    const lines = String(Reflect.get(Object(fault), 'stderr'))
      .split('\n')
      .filter((line) => line.startsWith('foghorn cannot run'));
    expect(lines).toEqual([expect.stringMatching(/another controller .*\/data/)]);
    expect((await api.state()).problems).toEqual([]);
  });

  it('says that SES is away, still shows the alert, and sends its mail once when SES is back', async () => {
    await stack.compose('stop', '--timeout', '1', 'ses');
    await writeFile(file, alwaysFiring);
    await until('the alert fires', WAIT_MS, async () => {
      const alert = await api.alert('webapp', 'always');
      return alert?.state === 'firing' || undefined;
    });
    const problem = await until('the page says that mail is in trouble', WAIT_MS, async () =>
      (await api.state()).problems.find(({ reason }) => reason === 'MailNotDelivered'),
    );
    expect(problem.message).toMatch(/ses/i);
    expect(await api.alert('webapp', 'always')).toMatchObject({ notifications: 0, lastNotifiedAt: null });

    await stack.compose('start', 'ses');
    await until('the mail arrives', WAIT_MS, async () => (await api.mails('this always fires')).at(0));
    await until('the problem is gone', WAIT_MS, async () => {
      const { problems } = await api.state();
      return problems.length === 0 || undefined;
    });
    await throughout(QUIET_MS, async () => {
      expect(await api.mails('this always fires')).toHaveLength(1);
    });
  });
});
