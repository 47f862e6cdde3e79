import { describe, expect, it } from 'vitest';
import type { LoadTestSpec } from '../model/resources.generated.ts';
import { planSchedule, type ScheduledRun } from './load-test-schedule-plan.ts';

const now = Date.UTC(2026, 0, 13, 10, 0, 1);
const dueAt = Date.UTC(2026, 0, 13, 10, 0, 0);

function planOf(concurrencyPolicy: LoadTestSpec['concurrencyPolicy'], runs: readonly ScheduledRun[]) {
  const spec = { schedule: '0 * * * *', concurrencyPolicy } as LoadTestSpec;
  return planSchedule({ spec, runs, due: { dueAt, missed: 0, nextAt: dueAt + 3_600_000 }, rerun: undefined, now });
}

const active = { isOver: false, hasSucceeded: false };
const before: ScheduledRun = { ...active, name: 'shop-1', createdAt: now - 3_600_000, scheduledAt: dueAt - 3_600_000 };
const present: ScheduledRun = { ...active, name: 'shop-2', createdAt: now, scheduledAt: dueAt };

describe('a run that is due', () => {
  it.each([
    ['Allow', { startAt: dueAt, remove: [], events: [{ reason: 'RunStarted' }] }],
    ['Replace', { startAt: dueAt, remove: ['shop-1'], events: [{ reason: 'RunStarted' }] }],
    ['Forbid', { remove: [], events: [{ reason: 'RunLeftOut' }] }],
  ] as const)('under %s meets the one before', (policy, plan) => {
    expect(planOf(policy, [before])).toMatchObject({ ...plan, handledAt: dueAt });
  });

  it.each(['Allow', 'Replace', 'Forbid'] as const)(
    'is neither started again nor removed nor left out under %s when it is there already',
    (policy) => {
      const plan = planOf(policy, [before, present]);
      expect(plan).toMatchObject({ remove: [], events: [], handledAt: dueAt });
      expect(plan.startAt).toBeUndefined();
    },
  );
});
