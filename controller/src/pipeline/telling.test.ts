import { afterEach, describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import type { ContainerObservation } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { Delivery } from '../model/notification.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

const away: Delivery = { kind: 'retry', reason: 'network', message: 'SES is away' };
const down = buildRule({});

const running = (name: string): Partial<ContainerObservation> => ({
  target: buildTarget({ name }),
  state: 'running',
  startedAt: 1,
});
const crashed = (name: string): Partial<ContainerObservation> => ({ ...running(name), state: 'exited', exitCode: 1 });
const names = Array.from({ length: 50 }, (_, index) => `c${String(index).padStart(2, '0')}`);

let scenario: Scenario;
function given(policy: Partial<Policy>): Scenario {
  scenario = createScenario([policy]);
  return scenario;
}
afterEach(() => scenario.close());

describe('one mail', () => {
  it('tells of thirty containers that go down together', async () => {
    const { host, pass, subjects } = given({ rules: [down] });
    host.set(...names.slice(0, 30).map(running));
    await pass(31_000);
    host.set(...names.slice(0, 30).map(crashed));
    await pass(31_000);
    expect(subjects()).toHaveLength(1);
    expect(subjects()[0]?.split(',')).toHaveLength(30);
  });

  it('tells, after ten minutes without SES in which fifty alerts came one by one, what is true then', async () => {
    const { host, pass, subjects, notifier } = given({ rules: [down] });
    host.set(...names.map(running));
    await pass(31_000);
    notifier.answer(() => away);
    for (let count = 1; count <= names.length; count += 1) {
      host.set(...names.slice(0, count).map(crashed), ...names.slice(count).map(running));
      await pass(12_000);
    }
    expect(notifier.attempts.length).toBeLessThan(60);
    host.set(...names.slice(1).map(crashed), running('c00'));
    await pass(31_000);
    notifier.answer(() => undefined);
    await pass(330_000);
    const [told = '', ...others] = subjects();
    expect(told.startsWith('first c01/down/critical,c02/down/critical')).toBe(true);
    expect(told.split(',')).toHaveLength(49);
    expect(others).toEqual([]);
  });

  it('goes to each reader once, whoever of them could not be reached at first', async () => {
    const to = ['a@example.org', 'b@example.org'];
    const notify = { minSeverity: 'info', sendResolved: true, groupWaitMs: 0, groupIntervalMs: 0, to } as const;
    const { host, pass, notifier } = given({ rules: [down], notify });
    host.set(running('web'), running('db'));
    await pass(31_000);
    notifier.answer((message) => (message.to === 'b@example.org' ? away : undefined));
    host.set(crashed('web'), running('db'));
    await pass(31_000);
    host.set(crashed('web'), crashed('db'));
    await pass(31_000);
    notifier.answer(() => undefined);
    await pass(120_000);
    const told = notifier.sent.map((message) => `${message.to[0]} ${message.subject}`).toSorted();
    expect(told).toEqual([
      'a first db/down/critical',
      'a first web/down/critical',
      'b first db/down/critical',
      'b first web/down/critical',
    ]);
  });

  it('says beside what is new what has ended', async () => {
    const { host, pass, subjects } = given({ rules: [down] });
    host.set(running('web'), running('db'));
    await pass(31_000);
    host.set(running('web'), crashed('db'));
    await pass(31_000);
    host.set(crashed('web'), running('db'));
    await pass(31_000);
    expect(subjects()).toEqual(['first db/down/critical', 'first web/down/critical; resolved db/down/critical']);
  });

  it('reads as it happened when an event is over by the time it goes', async () => {
    const { host, pass, notifier, clock } = given({ rules: [buildRule({ name: 'oom', expr: 'oomKilled' })] });
    host.set(running('web'));
    await pass(31_000);
    notifier.answer(() => away);
    host.set({ ...running('web'), changes: [{ kind: 'oomKilled', at: clock.now() }] });
    await pass(90_000);
    notifier.answer(() => undefined);
    await pass(330_000);
    expect(notifier.sent.map(({ subject, text }) => [subject, text])).toEqual([
      ['first web/oom/critical', expect.stringMatching(/^firing: /)],
    ]);
  });

  it('waits for groupWait, so that what comes bit by bit goes together', async () => {
    const notify = { minSeverity: 'info', sendResolved: true, groupWaitMs: 20_000, groupIntervalMs: 0 } as const;
    const { host, pass, subjects } = given({ rules: [down], notify });
    host.set(running('web'), running('db'));
    await pass(31_000);
    host.set(crashed('web'), running('db'));
    host.touch('local/web');
    await pass(5000);
    host.set(crashed('web'), crashed('db'));
    host.touch('local/db');
    await pass(30_000);
    expect(subjects()).toEqual(['first web/down/critical,db/down/critical']);
  });
});
