import type { Notification } from '../model/notification.ts';
import type { Budget } from '../notify/budget-keeper.ts';
import type { Problems } from '../problems.ts';
import type { Runs } from './runs.ts';

const PROBLEM = 'mail-budget';

export interface Admitted {
  readonly send: readonly Notification[];
  readonly held: readonly Notification[];
}

/** Between plan and outbox: what the budget of mails lets go now. What it holds back stays due, and is said to be held. */
export function applyBudget(
  deps: { readonly budget?: Budget | undefined; readonly runs: Runs; readonly problems: Problems },
  due: readonly Notification[],
  now: number,
): Admitted {
  const { budget, runs, problems } = deps;
  if (budget === undefined) return { send: due, held: [] };
  const { send, held } = budget.admit(due, now);
  const byPolicy = Map.groupBy(held, ({ policy }) => policy);
  for (const run of runs.list()) run.heldBack = byPolicy.get(run.policy.key)?.length ?? 0;
  const { perDay } = budget.limits();
  if (held.length === 0 || perDay === undefined) problems.clear(PROBLEM);
  else problems.raise(PROBLEM, 'BudgetSpent', heldMessage(perDay, held));
  return { send, held };
}

/** The same for as long as it lasts: it is logged whenever it changes. */
function heldMessage(perDay: number, held: readonly Notification[]): string {
  const isAll = held.some(
    ({ severity, reason }) => severity === 'critical' && reason !== 'reminder' && reason !== 'resolved',
  );
  const what = isAll
    ? `the ${perDay} mails of 24 hours are spent: critical messages are held back, too`
    : `most of the ${perDay} mails of 24 hours are spent: minor messages are held back for a digest`;
  return `${what}; lengthen cooldowns, or raise EMAIL_BUDGET_PER_DAY or the quota of SES`;
}
