import { expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { createMailBudgetUpkeep } from './mail-budget.ts';
import type { SentCount } from '../model/budget.ts';
import { buildNotification } from '../notify/builders.ts';
import { createBudget, type Budget } from '../notify/budget-keeper.ts';
import type { QuotaAnswer } from '../notify/ses-quota.ts';

function given(answers: readonly QuotaAnswer[]) {
  const clock = createFakeClock();
  const budget = createBudget({});
  const written: (readonly SentCount[])[] = [];
  const asked: number[] = [];
  const upkeep = createMailBudgetUpkeep({
    budget,
    quota: {
      ask: async () => {
        asked.push(clock.now());
        return answers[asked.length - 1] ?? { kind: 'unknown', reason: 'AccessDenied' };
      },
      close: () => undefined,
    },
    save: async (counts) => {
      written.push(counts);
    },
    clock,
    log: createSilentLog(),
  });
  return { clock, budget, written, asked, upkeep };
}

function send(budget: Budget, at: number): void {
  const notification = buildNotification();
  const delivery = { kind: 'sent', messageId: 'm' } as const;
  budget.delivered({ notification, recipient: 'a@example.org', delivery, at, outcome: 'sent' });
}

it('asks SES at once and each hour, and keeps the last answer', async () => {
  const quota = { max24HourSend: 50_000, maxSendRate: 14, sentLast24Hours: 3, at: 0 };
  const { clock, budget, asked, upkeep } = given([{ kind: 'known', quota }]);
  expect(budget.limits()).toMatchObject({ perDay: 200, perSecond: 1 });
  upkeep.start();
  await clock.advance(2 * 3_600_000);
  expect(asked).toHaveLength(3);
  expect(budget.limits()).toMatchObject({ perDay: 50_000, perSecond: 14 });
  await upkeep.stop();
});

it('writes what was sent, once a minute and at the end, and nothing when nothing was', async () => {
  const { clock, budget, written, upkeep } = given([]);
  upkeep.start();
  await clock.advance(300_000);
  expect(written).toEqual([]);
  send(budget, clock.now());
  send(budget, clock.now());
  await clock.advance(60_000);
  expect(written).toHaveLength(1);
  send(budget, clock.now());
  await upkeep.stop();
  expect(written.at(-1)?.reduce((sum, { recipients }) => sum + recipients, 0)).toBe(3);
});
