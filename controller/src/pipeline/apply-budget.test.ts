import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { buildPolicy } from '../model/builders.ts';
import { buildFiringAlert, buildNotification, buildNotified } from '../notify/builders.ts';
import { createBudget } from '../notify/budget-keeper.ts';
import { createProblems } from '../problems.ts';
import { applyBudget } from './apply-budget.ts';
import { createRuns } from './runs.ts';

const HOUR_MS = 3_600_000;

function given(spent: number) {
  const clock = createFakeClock();
  const problems = createProblems({ clock, log: createSilentLog() });
  const runs = createRuns();
  const run = runs.apply(buildPolicy({ name: 'webapp' }), clock.now());
  const budget = createBudget({ perDay: 10 });
  budget.restore([{ startMs: clock.now(), recipients: spent }]);
  return { clock, problems, runs, run, budget };
}

const info = buildNotification({
  severity: 'info',
  alerts: [buildNotified(buildFiringAlert({ rule: 'deploy', severity: 'info' }))],
});

describe('the budget between plan and outbox', () => {
  it('lets all through where there is none', () => {
    const { clock, runs, problems } = given(10);
    expect(applyBudget({ runs, problems }, [info], clock.now()).send).toEqual([info]);
  });

  it('says in the policy and on the page what it holds, until it holds no more', () => {
    const { clock, run, ...deps } = given(8);
    expect(applyBudget(deps, [info, buildNotification()], clock.now()).send).toHaveLength(1);
    expect(run.heldBack).toBe(1);
    expect(deps.problems.list()).toMatchObject([
      { key: 'mail-budget', reason: 'BudgetSpent', message: expect.stringContaining('minor messages are held back') },
    ]);
    expect(applyBudget(deps, [info], clock.now() + 25 * HOUR_MS).send).toEqual([info]);
    expect(run.heldBack).toBe(0);
    expect(deps.problems.list()).toEqual([]);
  });

  it('says so when even what is critical must wait', () => {
    const { clock, ...deps } = given(10);
    expect(applyBudget(deps, [info, buildNotification()], clock.now()).send).toEqual([]);
    expect(deps.problems.list()).toMatchObject([
      { message: expect.stringContaining('critical messages are held back') },
    ]);
  });
});
