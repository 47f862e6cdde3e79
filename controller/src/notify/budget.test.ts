import { describe, expect, it } from 'vitest';
import { countSent, decide, limitsOf, spentOf, type SendQuota } from './budget.ts';
import type { SentCount } from '../model/budget.ts';
import type { NotificationReason, NotifiedAlert } from '../model/notification.ts';
import type { Severity } from '../model/severity.ts';
import { buildFiringAlert, buildNotified, buildResolvedAlert } from './builders.ts';

const HOUR_MS = 3_600_000;
const now = Date.UTC(2026, 0, 13, 10, 0, 0);
const quota = (overrides: Partial<SendQuota> = {}): SendQuota => ({
  max24HourSend: 200,
  maxSendRate: 1,
  sentLast24Hours: 0,
  at: now,
  ...overrides,
});
const limits = { perDay: 100, perSecond: 1, source: 'settings' } as const;

describe('what may be spent', () => {
  it.each([
    ['nothing known', {}, undefined, { perDay: 200, perSecond: 1, source: 'assumed' }],
    ['settings alone', { perDay: 50, perSecond: 5 }, undefined, { perDay: 50, perSecond: 5, source: 'settings' }],
    [
      'SES alone',
      {},
      quota({ max24HourSend: 50_000, maxSendRate: 14 }),
      { perDay: 50_000, perSecond: 14, source: 'ses' },
    ],
    ['the stricter setting', { perDay: 50 }, quota(), { perDay: 50, perSecond: 1, source: 'settings' }],
    ['the stricter SES', { perDay: 500, perSecond: 9 }, quota(), { perDay: 200, perSecond: 1, source: 'ses' }],
    ['unlimited', {}, quota({ max24HourSend: -1 }), { perDay: undefined, perSecond: 1, source: 'ses' }],
    [
      'unlimited but for the setting',
      { perDay: 5 },
      quota({ max24HourSend: -1 }),
      { perDay: 5, perSecond: 1, source: 'settings' },
    ],
  ])('is told by %s', (_name, settings, known, expected) => {
    expect(limitsOf(settings, known)).toEqual(expected);
  });
});

describe('what is spent', () => {
  it('slides over a day', () => {
    let counts: readonly SentCount[] = [];
    for (let hour = 0; hour < 30; hour += 1) counts = countSent(counts, 2, now + hour * HOUR_MS);
    expect(spentOf(counts, undefined, now + 29 * HOUR_MS)).toBe(2 * 25);
    expect(spentOf(counts, undefined, now + 60 * HOUR_MS)).toBe(0);
    expect(counts.length).toBeLessThanOrEqual(26);
  });

  it('includes what others of the account sent', () => {
    const counts = countSent(countSent([], 3, now - 2 * HOUR_MS), 4, now + HOUR_MS);
    expect(spentOf(counts, quota({ sentLast24Hours: 50 }), now + HOUR_MS)).toBe(54);
    expect(spentOf(counts, quota({ sentLast24Hours: 0 }), now + HOUR_MS)).toBe(7);
    expect(spentOf(counts, quota({ sentLast24Hours: 50, at: now - 25 * HOUR_MS }), now + HOUR_MS)).toBe(7);
  });

  it('is not forgotten when the clock is set back', () => {
    const counts = countSent([], 9, now);
    expect(spentOf(counts, undefined, now - 48 * HOUR_MS)).toBe(9);
  });
});

function told(severity: Severity, reason: NotificationReason): NotifiedAlert {
  const record = { count: 1, toldSeverity: severity, resolvedTold: false, flaps: 0 };
  const alert =
    reason === 'resolved'
      ? buildResolvedAlert({ severity: 'info', notified: record })
      : buildFiringAlert({ severity, ...(reason === 'reminder' && { notified: record }) });
  return { ...buildNotified(alert), reason };
}

describe('whether a message may go', () => {
  it.each([
    ['info', 'first', 80, 'send'],
    ['info', 'first', 81, 'BudgetReserved'],
    ['critical', 'reminder', 81, 'BudgetReserved'],
    ['warning', 'first', 81, 'send'],
    ['critical', 'resolved', 90, 'send'],
    ['critical', 'resolved', 91, 'BudgetReserved'],
    ['warning', 'first', 91, 'BudgetReserved'],
    ['critical', 'first', 100, 'send'],
    ['critical', 'escalated', 100, 'send'],
    ['critical', 'first', 101, 'BudgetSpent'],
  ] as const)('%s %s as number %d of 100: %s', (severity, reason, number, expected) => {
    const decision = decide({ alerts: [told(severity, reason)], to: ['a'] }, number - 1, limits);
    expect(decision.kind === 'hold' ? decision.reason : 'send').toBe(expected);
  });

  it.each([
    ['critical news beside a reminder', told('critical', 'first'), 100],
    ['a warning beside a reminder', told('warning', 'first'), 90],
    ['the end of what was critical beside a note', told('critical', 'resolved'), 90],
  ])('by what matters most in it: %s', (_name, one, last) => {
    const message = { alerts: [told('critical', 'reminder'), told('info', 'first'), one], to: ['a'] };
    expect(decide(message, last - 1, limits).kind).toBe('send');
    expect(decide(message, last, limits).kind).toBe('hold');
  });

  it('counts recipients, not messages', () => {
    const message = { alerts: [told('critical', 'first')], to: ['a', 'b', 'c'] };
    expect(decide(message, 98, limits).kind).toBe('hold');
    expect(decide(message, 97, limits).kind).toBe('send');
  });

  it('always where there is no limit', () => {
    const message = { alerts: [told('info', 'reminder')], to: ['a'] };
    expect(decide(message, 1e9, { ...limits, perDay: undefined }).kind).toBe('send');
  });
});
