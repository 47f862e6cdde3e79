import { afterEach, describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import type { Change, ContainerObservation } from '../model/observation.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;
const target = buildTarget({ name: 'web' });
const running: Partial<ContainerObservation> = { target, state: 'running', startedAt: 1 };
const busy: Partial<ContainerObservation> = { ...running, resources: { cpuPercent: 95 } };

const rules = [
  buildRule({}),
  buildRule({ name: 'cpu', severity: 'warning', expr: 'cpu > 80.0', forMs: 120_000 }),
  buildRule({ name: 'restart', severity: 'info', expr: 'restarted' }),
];

let scenario: Scenario;
async function given(): Promise<Scenario> {
  scenario = createScenario([{ rules, stopGraceMs: 15_000 }]);
  scenario.host.set(running);
  await scenario.pass(31_000);
  return scenario;
}
afterEach(() => scenario.close());

function restarted(): Change {
  return { kind: 'restarted', at: scenario.clock.now() };
}

describe('a clock that is set back by hours', () => {
  it('makes no news again of what was told before', async () => {
    const { host, pass, subjects, clock } = await given();
    const changes = [restarted()];
    host.set({ ...running, changes });
    await pass(31_000);
    expect(subjects()).toEqual(['first web/restart/info']);
    clock.jump(-3 * HOUR_MS);
    await pass(900_000);
    expect(subjects()).toHaveLength(1);
    host.set({ ...running, changes: [...changes, restarted()] });
    await pass(31_000);
    expect(subjects()).toEqual(['first web/restart/info', 'first web/restart/info']);
  });

  it('does not make a stop wait for hours for its grace time', async () => {
    const { host, pass, subjects, clock } = await given();
    host.set({ ...running, state: 'exited', exitCode: 143, stopRequestedAt: clock.now() });
    host.touch(target.id);
    await pass(5000);
    clock.jump(-3 * HOUR_MS);
    await pass(31_000);
    expect(subjects()).toEqual(['first web/down/critical']);
  });

  it('reminds of what fires when the cooldown has passed, and tells its end', async () => {
    const { host, pass, subjects, clock } = await given();
    host.set({ ...running, state: 'exited', exitCode: 1 });
    await pass(31_000);
    clock.jump(-3 * HOUR_MS);
    await pass(290_000);
    expect(subjects()).toEqual(['first web/down/critical']);
    await pass(31_000);
    host.set(running);
    await pass(31_000);
    expect(subjects().slice(1)).toEqual(['reminder web/down/critical', 'resolved web/down/critical']);
  });
});

describe('hours in which nobody looked', () => {
  it('do not count as time in breach: the machine was suspended, or its clock was set forward', async () => {
    const { host, pass, subjects, clock } = await given();
    host.set(busy);
    await pass(31_000);
    clock.jump(8 * HOUR_MS);
    await pass(61_000);
    expect(subjects()).toEqual([]);
    await pass(91_000);
    expect(subjects()).toEqual(['first web/cpu/warning']);
  });

  it('do not count as time without breach either', async () => {
    scenario = createScenario([{ rules: [buildRule({ keepFiringForMs: 300_000 })] }]);
    const { host, pass, subjects, clock } = scenario;
    host.set(running);
    await pass(31_000);
    host.set({ ...running, state: 'exited', exitCode: 1 });
    await pass(31_000);
    host.set(running);
    await pass(61_000);
    clock.jump(8 * HOUR_MS);
    await pass(31_000);
    expect(subjects().filter((subject) => subject.startsWith('resolved'))).toEqual([]);
  });

  it('remind of what still fires', async () => {
    const { host, pass, subjects, clock } = await given();
    host.set({ ...running, state: 'exited', exitCode: 1 });
    await pass(31_000);
    clock.jump(8 * HOUR_MS);
    await pass(2000);
    expect(subjects()).toEqual(['first web/down/critical', 'reminder web/down/critical']);
  });
});
