import { afterEach, describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import type { ContainerObservation } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { Silence } from '../model/silence.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

const down = buildRule({});
const cpu = buildRule({ name: 'cpu', expr: 'cpu > 80' });
const names = ['c0', 'c1', 'c2', 'c3'];
const running = (name: string, cpuPercent = 5): Partial<ContainerObservation> => ({
  target: buildTarget({ name }),
  state: 'running',
  startedAt: 1,
  resources: { cpuPercent },
});
const crashed = (name: string): Partial<ContainerObservation> => ({ ...running(name), state: 'exited', exitCode: 1 });

let scenario: Scenario;
function given(...policies: readonly Partial<Policy>[]): Scenario {
  scenario = createScenario(policies);
  return scenario;
}
afterEach(() => scenario.close());

function buildSilence(scene: Scenario, overrides: Partial<Silence> = {}): Silence {
  const nothing = { policies: [], rules: [], severities: [], containerNames: [] };
  const startsAt = scene.clock.now();
  return { key: 'default/works', namespace: 'default', name: 'works', startsAt, ...nothing, ...overrides };
}

describe('a host that is away', () => {
  it('is told once after two intervals, whatever runs on it and however many policies watch it', async () => {
    const { host, pass, subjects } = given({ rules: [down] }, { name: 'second', rules: [cpu] });
    host.set(...names.map((name) => running(name)));
    await pass(31_000);
    host.setReachable(false);
    await pass(60_000);
    expect(subjects()).toEqual([]);
    await pass(240_000);
    expect(subjects()).toEqual(['first local/host/critical']);
    host.setReachable(true);
    await pass(31_000);
    expect(subjects()).toEqual(['first local/host/critical', 'resolved local/host/critical']);
  });

  it('is told beside what did not come back with it, in one mail, at once', async () => {
    const { host, pass, subjects } = given({ rules: [down] });
    host.set(...names.map((name) => running(name)));
    await pass(31_000);
    host.setReachable(false);
    await pass(91_000);
    host.setReachable(true);
    host.set(...names.map(crashed));
    await pass(2000);
    expect(subjects().at(-1)).toBe(
      'first c0/down/critical,c1/down/critical,c2/down/critical,c3/down/critical; resolved local/host/critical',
    );
    expect(subjects()).toHaveLength(2);
  });

  it('is told in each chat room, where policies tell different ones and nobody by mail', async () => {
    const spec = { minSeverity: 'info', sendResolved: true, groupWaitMs: 0, groupIntervalMs: 0, to: [] } as const;
    const { host, pass, notifier } = given(
      { rules: [down], notify: { ...spec, webhooks: ['slack+env:A'] } },
      { name: 'second', rules: [cpu], notify: { ...spec, webhooks: ['slack+env:B'] } },
    );
    host.set(running('web'));
    await pass(31_000);
    host.setReachable(false);
    await pass(120_000);
    expect(notifier.attempts.map(({ to }) => to).toSorted()).toEqual(['slack+env:A', 'slack+env:B']);
  });

  it('is told by a controller that never reached it, and keeps its time over a restart', async () => {
    const { host, pass, subjects, restart } = given({ rules: [down] });
    host.setReachable(false);
    await pass(40_000);
    restart();
    await pass(30_000);
    expect(subjects()).toEqual(['first local/host/critical']);
    restart();
    await pass(200_000);
    expect(subjects()).toHaveLength(1);
  });

  it('holds back reminders of what fired before', async () => {
    const { host, pass, subjects } = given({ rules: [cpu], cooldownMs: 60_000 });
    host.set(running('web', 95));
    await pass(31_000);
    host.setReachable(false);
    await pass(120_000);
    expect(subjects().filter((subject) => subject.includes('cpu'))).toEqual(['first web/cpu/critical']);
  });

  it('is no alert of a policy that does not want it', async () => {
    const { host, pass, subjects } = given({ rules: [down], watchHosts: false });
    host.set(running('web'));
    await pass(31_000);
    host.setReachable(false);
    await pass(200_000);
    expect(subjects()).toEqual([]);
  });

  it('that was away for less than two intervals is not told', async () => {
    const { host, pass, subjects, stored } = given({ rules: [down] });
    host.set(running('web'));
    await pass(31_000);
    host.setReachable(false);
    await pass(45_000);
    host.setReachable(true);
    await pass(45_000);
    expect(subjects()).toEqual([]);
    expect(stored.size).toBe(0);
  });
});

describe('a silence', () => {
  it('holds mails back while it lasts; what fires still is told when it ends', async () => {
    const { host, pass, subjects, stored, pipeline } = given({ rules: [down] });
    host.set(running('web'), running('db'));
    await pass(31_000);
    pipeline().silences.put(buildSilence(scenario, { endsAt: scenario.clock.now() + 120_000 }));
    host.set(crashed('web'), crashed('db'));
    await pass(60_000);
    expect(subjects()).toEqual([]);
    expect(pipeline().silences.standing('default/works')).toEqual({ state: 'Active', matched: 2 });
    expect([...stored.values()].map(({ silencedBy }) => silencedBy)).toEqual(['works', 'works']);
    expect(pipeline().policySnapshot('default/web')?.alerts).toMatchObject({ firing: 2, silenced: 2 });
    host.set(crashed('web'), running('db'));
    await pass(62_000);
    expect(subjects()).toEqual(['first web/down/critical']);
    expect(pipeline().silences.standing('default/works')).toEqual({ state: 'Expired', matched: 0 });
    expect(pipeline().policySnapshot('default/web')?.alerts).toMatchObject({ silenced: 0 });
  });

  it('ends at once when it is deleted', async () => {
    const { host, pass, subjects, pipeline } = given({ rules: [down] });
    host.set(running('web'));
    await pass(31_000);
    pipeline().silences.put(buildSilence(scenario));
    host.set(crashed('web'));
    await pass(60_000);
    pipeline().silences.remove('default/works');
    await pass(2000);
    expect(subjects()).toEqual(['first web/down/critical']);
  });

  it('is about labels that a missing container had', async () => {
    const { host, pass, subjects, pipeline } = given({ rules: [down], expect: ['web'] });
    host.set({ ...running('web'), target: buildTarget({ name: 'web', labels: { tier: 'front' } }) });
    await pass(31_000);
    pipeline().silences.put(
      buildSilence(scenario, { targetSelector: { matchLabels: { tier: 'front' }, matchExpressions: [] } }),
    );
    host.set();
    await pass(60_000);
    expect(subjects()).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  it('stops the reminders until the alert resolves, over a restart too', async () => {
    const { host, pass, subjects, stored, pipeline, restart } = given({ rules: [cpu], cooldownMs: 60_000 });
    host.set(running('web'));
    await pass(31_000);
    host.set(running('web', 95));
    await pass(31_000);
    const [key = ''] = stored.keys();
    pipeline().acknowledge(key, 'ann');
    await pass(100_000);
    restart();
    await pass(100_000);
    expect(subjects()).toEqual(['first web/cpu/critical']);
    expect(stored.get(key)?.acknowledgedBy).toBe('ann');
    host.set(running('web'));
    await pass(100_000);
    host.set(running('web', 95));
    await pass(100_000);
    expect(stored.get(key)?.acknowledgedBy).toBeUndefined();
    expect(subjects()).toEqual([
      'first web/cpu/critical',
      'resolved web/cpu/critical',
      'first web/cpu/critical',
      'reminder web/cpu/critical',
    ]);
  });

  it('that is taken back lets reminders go again', async () => {
    const { host, pass, subjects, stored, pipeline } = given({ rules: [down], cooldownMs: 60_000 });
    host.set(running('web'));
    await pass(31_000);
    host.set(crashed('web'));
    await pass(31_000);
    const [key = ''] = stored.keys();
    pipeline().acknowledge(key, 'ann');
    await pass(100_000);
    pipeline().acknowledge(key, undefined);
    await pass(2000);
    expect(subjects()).toEqual(['first web/down/critical', 'reminder web/down/critical']);
  });
});
