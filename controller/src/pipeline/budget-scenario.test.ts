import { afterEach, describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import type { ContainerObservation } from '../model/observation.ts';
import type { RuleSpec } from '../model/policy.ts';
import { createBudget, type Budget } from '../notify/budget-keeper.ts';
import { createScenario, type Scenario } from './scenario.ts';

const target = buildTarget({ name: 'web' });
const busy: Partial<ContainerObservation> = { target, state: 'running', startedAt: 1, resources: { cpuPercent: 95 } };
const down: Partial<ContainerObservation> = { target, state: 'exited', exitCode: 1 };

function rule(overrides: Partial<RuleSpec>): RuleSpec {
  return { name: 'cpu', severity: 'info', expr: 'cpu > 80', forMs: 0, keepFiringForMs: 0, actions: [], ...overrides };
}

const rules = [rule({}), rule({ name: 'down', severity: 'critical', expr: '!up' })];

let scenario: Scenario;
function given(spent: number): Scenario & { readonly budget: Budget } {
  const budget = createBudget({ perDay: 100 });
  scenario = createScenario([{ rules, cooldownMs: 300_000 }], budget);
  budget.restore([{ startMs: scenario.clock.now(), recipients: spent }]);
  return { ...scenario, budget };
}
afterEach(() => scenario.close());

describe('a budget that is nearly spent', () => {
  it('holds info back, tells it in a digest, and lets critical news through at once', async () => {
    const { host, pass, notifier, subjects, budget, clock, heldBack } = given(80);
    host.set(busy);
    await pass(600_000);
    expect(subjects()).toEqual([]);
    expect(heldBack).toEqual(['first web/cpu/info']);
    expect(budget.snapshot(clock.now()).held).toBe(1);
    await pass(330_000);
    expect(notifier.sent.map(({ id }) => id.startsWith('digest#'))).toEqual([true]);
    expect(budget.snapshot(clock.now()).held).toBe(0);
    host.set(down);
    await pass(31_000);
    expect(subjects().at(-1)).toBe('first web/down/critical');
  });

  it('lets critical news through that fires while the reminder of another is due', async () => {
    const { host, pass, subjects } = given(84);
    const other = buildTarget({ name: 'db' });
    const up = { state: 'running', startedAt: 1 } as const;
    host.set({ target, ...up }, { target: other, ...up });
    await pass(31_000);
    host.set(down, { target: other, ...up });
    await pass(400_000);
    expect(subjects()).toEqual(['first web/down/critical']);
    host.set(down, { ...down, target: other });
    await pass(31_000);
    expect(subjects().slice(1)).toEqual(['first db/down/critical; reminder web/down/critical']);
  });

  it('ends with the day, also over a restart: what still fires is told then', async () => {
    const { host, pass, restart, subjects, budget, clock } = given(100);
    host.set(busy);
    await pass(31_000);
    restart();
    await pass(31_000);
    expect(subjects()).toEqual([]);
    budget.restore([{ startMs: clock.now() - 90_000_000, recipients: 100 }]);
    await pass(31_000);
    expect(subjects()).toEqual(['first web/cpu/info']);
  });
});
