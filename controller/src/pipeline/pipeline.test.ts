import { afterEach, describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import type { ContainerObservation } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

const target = buildTarget({ name: 'web' });
const running: Partial<ContainerObservation> = { target, state: 'running', startedAt: 1 };
const busy = (cpuPercent: number): Partial<ContainerObservation> => ({ ...running, resources: { cpuPercent } });

const down = buildRule({});
const cpu = buildRule({ name: 'cpu', expr: 'cpu > 80' });

let scenario: Scenario;
function given(policy: Partial<Policy>): Scenario {
  scenario = createScenario([policy]);
  return scenario;
}
afterEach(() => scenario.close());

describe('the pipeline', () => {
  it('tells of a crash at the next look, once, and of its end', async () => {
    const { host, pass, subjects } = given({ rules: [down] });
    host.set(running);
    await pass(30_000);
    host.set({ ...running, state: 'exited', exitCode: 1, finishedAt: 2 });
    await pass(31_000);
    expect(subjects()).toEqual(['first web/down/critical']);
    host.set(running);
    await pass(31_000);
    expect(subjects()).toEqual(['first web/down/critical', 'resolved web/down/critical']);
  });

  it('looks at once at a container that the engine spoke of', async () => {
    const { host, pass, subjects } = given({ rules: [down] });
    host.set(running);
    await pass(31_000);
    host.set({ ...running, state: 'exited', exitCode: 1 });
    host.touch(target.id);
    await pass(2000);
    expect(subjects()).toEqual(['first web/down/critical']);
  });

  it('ends nothing in a round that began before the host could be seen, though it ended after', async () => {
    const { host, pass, subjects, restart, pipeline, clock } = given({ rules: [cpu] });
    host.set(busy(95));
    await pass(31_000);
    host.set();
    host.setReachable(false);
    restart();
    const round = pipeline().tick(clock.now());
    host.setReachable(true);
    host.set(busy(95));
    await round;
    await pass(31_000);
    expect(subjects()).toEqual(['first web/cpu/critical']);
  });

  it('forgets a container that came and went between two rounds', async () => {
    const { host, pass, pipeline } = given({ rules: [down] });
    await pass(31_000);
    host.set(running);
    host.touch(target.id);
    await pass(2000);
    expect(pipeline().snapshot().targets).toHaveLength(1);
    host.set();
    await pass(31_000);
    expect(pipeline().snapshot().targets).toEqual([]);
  });

  it('says nothing of a stop that was asked for and ends within its grace time, and tells one that lasts when that ends', async () => {
    const { host, pass, subjects, clock } = given({ rules: [down], stopGraceMs: 15_000 });
    host.set(running);
    await pass(31_000);
    const stopped = { ...running, state: 'exited', exitCode: 143, stopRequestedAt: clock.now() } as const;
    host.set(stopped);
    host.touch(target.id);
    await pass(5000);
    host.set(running);
    host.touch(target.id);
    await pass(40_000);
    expect(subjects()).toEqual([]);
    host.set({ ...stopped, stopRequestedAt: clock.now() });
    host.touch(target.id);
    await pass(14_000);
    expect(subjects()).toEqual([]);
    await pass(3000);
    expect(subjects()).toEqual(['first web/down/critical']);
  });

  it('keeps the cooldown over a restart: neither repeats nor forgets', async () => {
    const { host, pass, subjects, restart } = given({ rules: [cpu], cooldownMs: 300_000 });
    host.set(busy(95));
    await pass(30_000);
    expect(subjects()).toEqual(['first web/cpu/critical']);
    restart();
    await pass(200_000);
    expect(subjects()).toHaveLength(1);
    restart();
    await pass(110_000);
    expect(subjects()).toEqual(['first web/cpu/critical', 'reminder web/cpu/critical']);
  });

  it('does not take a container that is down for one that was never up, after a restart', async () => {
    const { host, pass, subjects, restart } = given({ rules: [buildRule({})], cooldownMs: 300_000 });
    const web = { target: buildTarget({ name: 'web' }), state: 'running' } as const;
    host.set(web);
    await pass(31_000);
    host.set({ ...web, state: 'exited', exitCode: 1 });
    await pass(31_000);
    restart();
    await pass(120_000);
    expect(subjects()).toEqual(['first web/down/critical']);
    host.set(web);
    await pass(31_000);
    expect(subjects()).toEqual(['first web/down/critical', 'resolved web/down/critical']);
  });

  it('tells of an end that came while no controller ran', async () => {
    const { host, pass, subjects, restart } = given({ rules: [cpu] });
    host.set(busy(95));
    await pass(31_000);
    restart();
    host.set(busy(5));
    await pass(31_000);
    expect(subjects()).toEqual(['first web/cpu/critical', 'resolved web/cpu/critical']);
  });

  it('sends again what was under way when it was killed, never less than once', async () => {
    const { host, pass, notifier, restart } = given({ rules: [cpu] });
    host.set(busy(95));
    notifier.answer(() => ({ kind: 'retry', reason: 'network', message: 'SES is away' }));
    await pass(31_000);
    expect(notifier.attempts.length).toBeGreaterThan(0);
    restart();
    notifier.answer(() => undefined);
    await pass(31_000);
    expect(notifier.sent.map(({ subject }) => subject)).toEqual(['first web/cpu/critical']);
  });

  it('tells alerts even while they cannot be stored', async () => {
    const { host, pass, sink, subjects } = given({ rules: [cpu] });
    sink.failing = true;
    host.set(busy(95));
    await pass(31_000);
    expect(subjects()).toEqual(['first web/cpu/critical']);
  });

  it('takes an engine that is away for no reading: the host fires, and nothing on it fires, clears or leaves', async () => {
    const { host, pass, subjects, pipeline } = given({ rules: [down, cpu], expect: ['web'] });
    host.set(busy(95));
    await pass(31_000);
    host.setReachable(false);
    await pass(91_000);
    expect(subjects()).toEqual(['first web/cpu/critical', 'first local/host/critical']);
    expect(pipeline().policySnapshot('default/web')?.targets).toEqual({ matched: 1, up: 0, down: 0, unreachable: 1 });
  });

  it('ends the alert of a container that was removed, and says so', async () => {
    const { host, pass, subjects, changes } = given({ rules: [cpu] });
    host.set(busy(95));
    await pass(31_000);
    host.set();
    await pass(31_000);
    expect(subjects()).toEqual(['first web/cpu/critical', 'resolved web/cpu/critical']);
    expect(changes.at(-1)).toMatchObject({ kind: 'resolved', alert: { resolvedReason: 'targetGone' } });
  });

  it('tells of an expected container that is missing', async () => {
    const { pass, subjects } = given({ rules: [down], expect: ['web'] });
    await pass(31_000);
    expect(subjects()).toEqual(['first web/down/critical']);
  });

  it('leaves alone what had ended before it ever looked', async () => {
    const { host, pass, subjects, pipeline } = given({ rules: [down] });
    host.set({ ...running, state: 'exited', exitCode: 0 });
    await pass(61_000);
    expect(subjects()).toEqual([]);
    expect(pipeline().snapshot().targets).toEqual([]);
  });

  it('forgets what a removed policy said, without a message', async () => {
    const { host, pass, subjects, pipeline, stored } = given({ rules: [cpu] });
    host.set(busy(95));
    await pass(31_000);
    pipeline().remove('default/web');
    await pass(31_000);
    expect(subjects()).toEqual(['first web/cpu/critical']);
    expect(stored.size).toBe(0);
    expect(pipeline().snapshot().targets).toEqual([]);
  });
});
