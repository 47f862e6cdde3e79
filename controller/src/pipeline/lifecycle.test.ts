import { afterEach, describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import type { Change, ContainerObservation } from '../model/observation.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

const rules = [
  buildRule({}),
  buildRule({ name: 'oom', expr: 'oomKilled' }),
  buildRule({ name: 'crash', severity: 'warning', expr: 'crashed' }),
  buildRule({ name: 'restart', severity: 'info', expr: 'restarted' }),
  buildRule({ name: 'deploy', severity: 'info', expr: 'deployed' }),
  buildRule({ name: 'loop', expr: 'increaseOver("restarts", "10m") >= 3.0' }),
];
const target = buildTarget({ name: 'web', image: 'web:1' });
const running: Partial<ContainerObservation> = { target, state: 'running', startedAt: 1 };

let scenario: Scenario;
/** A container that has run for a round, watched by rules about its life. */
async function given(): Promise<Scenario> {
  scenario = createScenario([{ rules, stopGraceMs: 15_000 }]);
  scenario.host.set(running);
  await scenario.pass(31_000);
  return scenario;
}
afterEach(() => scenario.close());

function change(kind: Change['kind']): Change {
  return { kind, at: scenario.clock.now() };
}

/** As the engine tells it: an event, and a look at once. */
async function happens(seen: Partial<ContainerObservation>, passMs: number): Promise<void> {
  scenario.host.set({ ...running, ...seen });
  scenario.host.touch(target.id);
  await scenario.pass(passMs);
}

describe('what happens to a container', () => {
  it.each([
    ['stop', 143],
    ['stop that had to be forced', 137],
    ['kill', 137],
  ])('%s that lasts is down when its grace time ends, and no crash', async (_name, exitCode) => {
    const { subjects, clock } = await given();
    const stopRequestedAt = clock.now();
    await happens({ state: 'exited', exitCode, stopRequestedAt }, 14_000);
    expect(subjects()).toEqual([]);
    await happens({ state: 'exited', exitCode, stopRequestedAt }, 3000);
    expect(subjects()).toEqual(['first web/down/critical']);
  });

  it('a start that ends a stop which was told is told by its end, and by nothing else', async () => {
    const { subjects, clock } = await given();
    await happens({ state: 'exited', exitCode: 143, stopRequestedAt: clock.now() }, 20_500);
    await happens({ startedAt: 2, changes: [change('restarted')] }, 400_000);
    expect(subjects()).toEqual(['first web/down/critical', 'resolved web/down/critical']);
    await happens({ startedAt: 3, changes: [change('restarted')] }, 60_000);
    expect(subjects().slice(2)).toEqual(['first web/restart/info']);
  });

  it('a restart by hand within the grace time is a note', async () => {
    const { subjects, clock } = await given();
    await happens({ state: 'exited', exitCode: 143, stopRequestedAt: clock.now() }, 5000);
    await happens({ startedAt: 2, changes: [change('restarted')] }, 60_000);
    expect(subjects()).toEqual(['first web/restart/info']);
  });

  it('a recreation with a new image within the grace time is a note of the deployment, and nothing else', async () => {
    const { subjects, clock, host, pass } = await given();
    await happens({ state: 'exited', exitCode: 143, stopRequestedAt: clock.now() }, 2000);
    host.set();
    await pass(2000);
    const deployed = { target: { ...target, image: 'web:2', instance: 'web-2' }, startedAt: 2 };
    await happens({ ...deployed, changes: [change('deployed')] }, 60_000);
    expect(subjects()).toEqual(['first web/deploy/info']);
  });

  it('a recreation that does not come back within the grace time is down, and then resolved', async () => {
    const { subjects, clock } = await given();
    const stopRequestedAt = clock.now();
    await happens({ state: 'created', stopRequestedAt }, 20_000);
    await happens({ startedAt: 2, changes: [change('deployed')] }, 60_000);
    expect(subjects()).toEqual(['first web/down/critical', 'first web/deploy/info; resolved web/down/critical']);
  });

  it('a recreation over the time of a round tells nothing that was told before', async () => {
    const { subjects, clock, host, pass } = await given();
    const restarted = change('restarted');
    await happens({ changes: [restarted] }, 400_000);
    await happens({ state: 'exited', exitCode: 143, stopRequestedAt: clock.now(), changes: [restarted] }, 2000);
    host.set();
    await pass(31_000);
    await happens({ startedAt: 2, changes: [restarted, change('deployed')] }, 60_000);
    expect(subjects()).toEqual(['first web/restart/info', 'first web/deploy/info']);
  });

  it('a crash has no grace time', async () => {
    const { subjects } = await given();
    await happens({ state: 'exited', exitCode: 1, changes: [change('crashed')] }, 2000);
    expect(subjects()).toEqual(['first web/down/critical,web/crash/warning']);
  });

  it('a crash that the restart policy mends at once is told, and not as down', async () => {
    const { subjects } = await given();
    await happens({ startedAt: 2, restarts: 1, changes: [change('crashed'), change('restarted')] }, 60_000);
    expect(subjects()).toEqual(['first web/crash/warning,web/restart/info']);
  });

  it('a wait for its restart is down only when the engine waits long', async () => {
    const { subjects, clock } = await given();
    const waiting: Partial<ContainerObservation> = { state: 'restarting', exitCode: 1 };
    await happens({ ...waiting, changes: [change('crashed')] }, 1000);
    await clock.advance(1);
    await happens({ startedAt: scenario.clock.now(), restarts: 1, changes: [change('restarted')] }, 3000);
    await happens({ ...waiting, restarts: 1, changes: [change('crashed')] }, 1000);
    expect(subjects()).toEqual(['first web/crash/warning', 'first web/restart/info']);
    await scenario.pass(6000);
    expect(subjects().slice(2)).toEqual(['first web/down/critical']);
  });

  it('a crash loop is down once, and over when the container has run for ten seconds', async () => {
    scenario = createScenario([{ rules: [buildRule({})] }]);
    scenario.host.set(running);
    await scenario.pass(31_000);
    for (let restarts = 1; restarts <= 8; restarts += 1) {
      const crashed = change('crashed');
      await happens({ state: 'restarting', restarts: restarts - 1, exitCode: 1, changes: [crashed] }, 7000);
      await happens({ startedAt: scenario.clock.now(), restarts, changes: [crashed] }, 4000);
    }
    expect(scenario.subjects()).toEqual(['first web/down/critical']);
    await scenario.pass(7000);
    expect(scenario.subjects().slice(1)).toEqual(['resolved web/down/critical']);
  });

  it('a kill by the kernel of its main process is out of memory and down, in one mail', async () => {
    const { subjects } = await given();
    await happens({ state: 'exited', exitCode: 137, changes: [change('oomKilled'), change('crashed')] }, 2000);
    expect(subjects()).toEqual(['first web/down/critical,web/oom/critical,web/crash/warning']);
  });

  it('a kill by the kernel of a child is out of memory, while it runs on', async () => {
    const { subjects } = await given();
    await happens({ changes: [change('oomKilled')] }, 60_000);
    expect(subjects()).toEqual(['first web/oom/critical']);
  });

  it('a crash loop fires at the third restart, and resolves when ten minutes have seen fewer', async () => {
    const { subjects, host, pass } = await given();
    for (let restarts = 1; restarts <= 3; restarts += 1) {
      host.set({ ...running, restarts, startedAt: 1 + restarts });
      await pass(60_000);
    }
    expect(subjects()).toEqual(['first web/loop/critical']);
    await pass(360_000);
    expect(subjects().filter((subject) => subject.startsWith('resolved'))).toEqual([]);
    await pass(90_000);
    expect(subjects().at(-1)).toBe('resolved web/loop/critical');
    await pass(600_000);
    expect(subjects().at(-1)).toBe('resolved web/loop/critical');
  });
});
