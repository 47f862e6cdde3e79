import { afterEach, describe, expect, it } from 'vitest';
import { buildPolicy, buildTarget } from '../model/builders.ts';
import type { ContainerObservation } from '../model/observation.ts';
import type { Delivery } from '../model/notification.ts';
import type { NotifySpec, Policy } from '../model/policy.ts';
import type { Silence } from '../model/silence.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

const target = buildTarget({ name: 'web' });
const running: Partial<ContainerObservation> = { target, state: 'running', startedAt: 1 };
const crashed: Partial<ContainerObservation> = { ...running, state: 'exited', exitCode: 1 };
const busy: Partial<ContainerObservation> = { ...running, resources: { cpuPercent: 85 } };
const calm: Partial<ContainerObservation> = { ...running, resources: { cpuPercent: 5 } };
const cpu = buildRule({ name: 'cpu', severity: 'warning', expr: 'cpu > 80.0' });
const notify = buildPolicy().notify;
const refused: Delivery = { kind: 'rejected', reason: 'address', message: 'not verified' };

let scenario: Scenario;
async function given(policy: Partial<Policy>, seen: Partial<ContainerObservation>): Promise<Scenario> {
  scenario = createScenario([policy]);
  scenario.host.set(running);
  await scenario.pass(31_000);
  scenario.host.set(seen);
  await scenario.pass(31_000);
  return scenario;
}
afterEach(() => scenario.close());

function toldTo(...to: readonly string[]): NotifySpec {
  return { ...notify, to };
}

/** Who was told what. */
function told(): readonly string[] {
  return scenario.notifier.sent.map(({ to, subject }) => `${to.split('@')[0]} ${subject}`);
}

/** From now on, of everything. */
function silenceOfTwoMinutes(): Silence {
  return {
    key: 'default/works',
    namespace: 'default',
    name: 'works',
    startsAt: 0,
    endsAt: scenario.clock.now() + 120_000,
    policies: [],
    rules: [],
    severities: [],
    containerNames: [],
  };
}

/** The same policy in a new version. */
function edit(policy: Partial<Policy>): void {
  scenario.pipeline().apply(buildPolicy(policy));
}

describe('a policy that is edited while it fires', () => {
  it.each<[string, Partial<Policy>, readonly string[]]>([
    ['is over when its rule holds no more', { rules: [{ ...cpu, expr: 'cpu > 90.0' }] }, ['resolved web/cpu/warning']],
    ['is over when its rule is gone', { rules: [buildRule({})] }, ['resolved web/cpu/warning']],
    [
      'goes on under a new name in one mail',
      { rules: [{ ...cpu, name: 'load' }] },
      ['first web/load/warning; resolved web/cpu/warning'],
    ],
    [
      'is told at once when it is worse now',
      { rules: [{ ...cpu, severity: 'critical' }] },
      ['escalated web/cpu/critical'],
    ],
    ['is silent when it is less now', { rules: [{ ...cpu, severity: 'info' }] }, []],
    ['goes on when nothing of it changed', { rules: [cpu, buildRule({})] }, []],
    ['is over without a word when it is suspended', { rules: [cpu], suspend: true }, []],
    [
      'is over when it no longer selects the container',
      { rules: [cpu], containerNames: ['db'] },
      ['resolved web/cpu/warning'],
    ],
  ])('%s', async (_name, policy, expected) => {
    const { pass, subjects } = await given({ rules: [cpu] }, busy);
    expect(subjects()).toEqual(['first web/cpu/warning']);
    edit(policy);
    await pass(61_000);
    expect(subjects().slice(1)).toEqual(expected);
  });

  it('is told again once when it is resumed, after the cooldown', async () => {
    const { pass, subjects } = await given({ rules: [cpu] }, busy);
    edit({ rules: [cpu], suspend: true });
    await pass(60_000);
    edit({ rules: [cpu] });
    await pass(120_000);
    expect(subjects()).toEqual(['first web/cpu/warning']);
    await pass(180_000);
    expect(subjects()).toEqual(['first web/cpu/warning', 'first web/cpu/warning']);
  });

  it('is told anew when it was deleted and made again', async () => {
    const { pass, subjects, pipeline } = await given({ rules: [cpu] }, busy);
    pipeline().remove(buildPolicy().key);
    await pass(5000);
    edit({ rules: [cpu], uid: 'another' });
    await pass(31_000);
    expect(subjects()).toEqual(['first web/cpu/warning', 'first web/cpu/warning']);
  });
});

describe('readers that change while it fires', () => {
  it('hear of it by the next reminder, and of its end', async () => {
    const { host, pass } = await given({ rules: [cpu], notify: toldTo('ann@example.org') }, busy);
    edit({ rules: [cpu], notify: toldTo('bob@example.org') });
    await pass(301_000);
    host.set(calm);
    await pass(31_000);
    expect(told()).toEqual([
      'ann first web/cpu/warning',
      'bob reminder web/cpu/warning',
      'bob resolved web/cpu/warning',
    ]);
  });

  it('are told in place of those whom nothing could reach', async () => {
    const { pass, notifier } = await given({ rules: [cpu], notify: toldTo() }, busy);
    notifier.answer(({ to }) => (to.startsWith('ann') ? { kind: 'retry', reason: 'network', message: '' } : undefined));
    edit({ rules: [cpu], notify: toldTo('ann@example.org') });
    await pass(31_000);
    edit({ rules: [cpu], notify: toldTo('bob@example.org') });
    await pass(61_000);
    expect(told()).toEqual(['bob first web/cpu/warning']);
  });

  it('are told at once in place of those who refused it', async () => {
    const { pass, notifier } = await given({ rules: [cpu], notify: toldTo() }, busy);
    notifier.answer(({ to }) => (to.startsWith('bad') ? refused : undefined));
    edit({ rules: [cpu], notify: toldTo('bad@example.org') });
    await pass(10_000);
    edit({ rules: [cpu], notify: toldTo('bad@example.org') });
    await pass(10_000);
    expect(notifier.attempts).toHaveLength(1);
    edit({ rules: [cpu], notify: toldTo('ann@example.org') });
    await pass(2000);
    expect(told()).toEqual(['ann first web/cpu/warning']);
  });

  it('leave no trouble behind of one whom no mail can reach', async () => {
    const { pass, notifier, pipeline } = await given({ rules: [cpu], notify: toldTo() }, busy);
    notifier.answer(({ to }) => (to.startsWith('bad') ? refused : undefined));
    edit({ rules: [cpu], notify: toldTo('bad@example.org', 'ann@example.org') });
    await pass(5000);
    expect(pipeline().snapshot().problems).toMatchObject([{ reason: 'MailNotDelivered' }]);
    edit({ rules: [cpu], notify: toldTo('ann@example.org') });
    await pass(5000);
    expect(pipeline().snapshot().problems).toEqual([]);
  });

  it('hear of what they did not want to hear before', async () => {
    const { pass } = await given({ rules: [cpu], notify: { ...notify, minSeverity: 'critical' } }, busy);
    expect(told()).toEqual([]);
    edit({ rules: [cpu], notify: { ...notify, minSeverity: 'warning' } });
    await pass(2000);
    expect(told()).toEqual(['ops first web/cpu/warning']);
  });
});

describe('a container that changes its identity while it fires', () => {
  it('is over under the old name, and fires under the new one', async () => {
    const { host, pass, subjects } = await given({ rules: [cpu] }, busy);
    host.set({ ...busy, target: buildTarget({ name: 'web-2' }) });
    await pass(31_000);
    expect(subjects().slice(1)).toEqual(['first web-2/cpu/warning; resolved web/cpu/warning']);
  });

  it('goes on when it is recreated under its name, and is over when the new one is well', async () => {
    const { host, pass, subjects } = await given({ rules: [buildRule({})] }, crashed);
    const renewed = { ...target, instance: 'web-2', image: 'web:2' };
    host.set({ ...crashed, target: renewed });
    await pass(61_000);
    expect(subjects()).toEqual(['first web/down/critical']);
    host.set({ ...running, target: renewed, startedAt: 2 });
    await pass(31_000);
    expect(subjects().slice(1)).toEqual(['resolved web/down/critical']);
  });
});

describe('a silence', () => {
  it('holds back the end of what was told, until it is over', async () => {
    const { host, pass, subjects, pipeline } = await given({ rules: [buildRule({})] }, crashed);
    pipeline().silences.put(silenceOfTwoMinutes());
    host.set(running);
    await pass(100_000);
    expect(subjects()).toEqual(['first web/down/critical']);
    await pass(31_000);
    expect(subjects().slice(1)).toEqual(['resolved web/down/critical']);
  });

  it('ends without a word of what came and went in it, and of what merely happened in it', async () => {
    const restart = buildRule({ name: 'restart', severity: 'info', expr: 'restarted' });
    const { host, pass, subjects, pipeline, clock } = await given({ rules: [buildRule({}), restart] }, running);
    pipeline().silences.put(silenceOfTwoMinutes());
    host.set(crashed);
    await pass(31_000);
    host.set({ ...running, startedAt: 2, changes: [{ kind: 'restarted', at: clock.now() }] });
    await pass(600_000);
    expect(subjects()).toEqual([]);
  });
});
