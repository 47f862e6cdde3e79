import { describe, expect, it } from 'vitest';
import type { Notification } from '../model/notification.ts';
import { buildFiringAlert, buildNotification, buildNotified } from './builders.ts';
import { renderDigest } from './budget-digest.ts';
import { createBudget, type Budget } from './budget-keeper.ts';

const MINUTE_MS = 60_000;
const start = Date.UTC(2026, 0, 13, 10, 0, 0);

function sent(budget: Budget, notification: Notification, at: number): void {
  for (const recipient of notification.to) {
    budget.delivered({ notification, recipient, delivery: { kind: 'sent', messageId: 'm' }, at, outcome: 'sent' });
  }
}

function budgetSpentBy(recipients: number): Budget {
  const budget = createBudget({ perDay: 100 });
  budget.restore([{ startMs: start, recipients }]);
  return budget;
}

const info = buildNotification({
  id: 'i',
  severity: 'info',
  alerts: [buildNotified(buildFiringAlert({ rule: 'deploy', severity: 'info' }))],
});
const critical = buildNotification({ id: 'c' });

describe('the budget of mails', () => {
  it('lets all go while there is enough', () => {
    expect(budgetSpentBy(0).admit([info, critical], start)).toEqual({ send: [critical, info], held: [] });
  });

  it('holds back what is minor, and lets it go when the day has slid on', () => {
    const budget = budgetSpentBy(80);
    expect(budget.admit([info, critical], start)).toEqual({ send: [critical], held: [info] });
    expect(budget.snapshot(start)).toMatchObject({ spent: 80, held: 1, heldTotal: 1, perDay: 100 });
    const nextDay = start + 25 * 60 * MINUTE_MS;
    expect(budget.admit([info], nextDay).send).toEqual([info]);
    expect(budget.snapshot(nextDay)).toMatchObject({ held: 0, heldTotal: 1 });
  });

  it('counts a message once, however long it is held and however many there are', () => {
    const budget = budgetSpentBy(80);
    const alerts = Array.from({ length: 1001 }, (_, index) =>
      buildNotified(buildFiringAlert({ key: `k${index}`, severity: 'info' })),
    );
    const many = buildNotification({ severity: 'info', alerts });
    for (let second = 0; second < 5; second += 1) budget.admit([many], start + second * 1000);
    expect(budget.snapshot(start)).toMatchObject({ held: 1000, heldTotal: 1000 });
  });

  it('counts what goes in one tick together, worst first', () => {
    const budget = budgetSpentBy(98);
    const many = ['a', 'b', 'c'].map((id) => buildNotification({ ...critical, id }));
    expect(budget.admit([info, ...many], start).send.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('counts each recipient that took a message', () => {
    const budget = budgetSpentBy(0);
    sent(budget, buildNotification({ to: ['a@example.org', 'b@example.org'] }), start);
    expect(budget.snapshot(start).spent).toBe(2);
    expect(budget.counts()).toEqual([{ startMs: start, recipients: 2 }]);
  });

  it('sums up what it held in one digest, the same until it is sent, and then only what is new, hours later', () => {
    const budget = budgetSpentBy(85);
    const digestAt = (minutes: number): readonly (Notification | undefined)[] =>
      budget.admit([info], start + minutes * MINUTE_MS).send.filter(({ digest }) => digest !== undefined);
    expect(digestAt(0)).toEqual([]);
    const [digest] = digestAt(15);
    expect(digest).toMatchObject({ to: ['ops@example.org'], alerts: info.alerts, digest: { spent: 85, perDay: 100 } });
    expect(digestAt(16)[0]?.id).toBe(digest?.id);
    if (digest !== undefined) sent(budget, digest, start + 16 * MINUTE_MS);
    expect(budget.snapshot(start).held).toBe(0);
    expect(digestAt(60)).toEqual([]);
    expect(digestAt(16 + 240)).toHaveLength(1);
  });

  it('leaves the last of the budget to critical messages, digests held back too', () => {
    const budget = budgetSpentBy(95);
    budget.admit([info], start);
    expect(budget.admit([info, critical], start + 60 * MINUTE_MS).send).toEqual([critical]);
  });

  it('holds mails only: other channels are told, and cost nothing', () => {
    const budget = budgetSpentBy(100);
    const both = buildNotification({ ...critical, to: ['ops@example.org', 'webhook:pager'] });
    const { send, held } = budget.admit([both], start);
    expect(send).toEqual([{ ...both, to: ['webhook:pager'] }]);
    expect(held).toEqual([{ ...both, to: ['ops@example.org'] }]);
  });

  it('adds what it sends to what the account had sent when SES was asked', () => {
    const budget = budgetSpentBy(3);
    budget.takeQuota({ max24HourSend: 100, maxSendRate: 1, sentLast24Hours: 40, at: start + MINUTE_MS });
    expect(budget.snapshot(start + MINUTE_MS).spent).toBe(40);
    sent(budget, critical, start + 2 * MINUTE_MS);
    expect(budget.snapshot(start + 2 * MINUTE_MS).spent).toBe(41);
    budget.takeQuota({ max24HourSend: 100, maxSendRate: 1, sentLast24Hours: 41, at: start + 3 * MINUTE_MS });
    expect(budget.snapshot(start + 3 * MINUTE_MS).spent).toBe(41);
  });

  it('obeys SES as soon as it has answered', () => {
    const budget = budgetSpentBy(0);
    budget.takeQuota({ max24HourSend: 50, maxSendRate: 2, sentLast24Hours: 45, at: start });
    expect(budget.limits()).toEqual({ perDay: 50, perSecond: 2, source: 'ses' });
    expect(budget.admit([info], start).held).toEqual([info]);
  });
});

it('writes a digest as text and HTML, hostile names escaped', () => {
  const notification = buildNotification({
    severity: 'info',
    alerts: [buildNotified(buildFiringAlert({ severity: 'info', message: '<script>\r\nBcc: x@example.org' }))],
  });
  const budget = budgetSpentBy(85);
  budget.admit([notification], start);
  const [digest] = budget.admit([notification], start + 20 * MINUTE_MS).send;
  if (digest?.digest === undefined) throw new Error('no digest');
  const { subject, text, html } = renderDigest(digest.digest, {
    dashboardUrl: 'http://localhost:8001',
    timeZone: 'UTC',
  });
  expect(subject).toMatch(/^\[DIGEST\] 1 message held back: /);
  expect(subject).not.toMatch(/[\r\n]/);
  expect(text).toContain('85 of 100 mails');
  expect(html).toContain('&lt;script&gt;');
  expect(html).not.toContain('<script>');
});
