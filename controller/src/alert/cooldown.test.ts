import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../evaluate/compile.ts';
import { evaluatePolicy } from '../evaluate/evaluate.ts';
import { buildObservation, buildPolicy, buildTarget } from '../model/builders.ts';
import { createBook } from './book.ts';
import { toldOf } from './builders.ts';
import { planNotifications } from './plan.ts';

const second = 1000;
const minute = 60 * second;
const target = buildTarget({ name: 'webapp' });
const policy = buildPolicy({
  cooldownMs: 5 * minute,
  rules: [{ name: 'cpu', severity: 'critical', expr: 'cpu > 80', forMs: 0, keepFiringForMs: 0, actions: [] }],
});

function clockTime(now: number): string {
  return new Date(now).toISOString().slice(11, 19);
}

/** The whole way from observations to messages, on a time line that a test draws. */
function createMonitor(sendMs: number): (now: number, cpuPercent: number) => string {
  const book = createBook();
  const compiled = compilePolicy(policy);
  let previousAt: number | undefined;
  return (now, cpuPercent) => {
    const observation = buildObservation({ at: now, target, resources: { cpuPercent } });
    const verdicts = evaluatePolicy(compiled, { observation, previousAt, recent: { since: () => [] }, now });
    previousAt = now;
    book.apply(policy, target, verdicts, now);
    const [message] = planNotifications({
      alerts: book.list(),
      policies: new Map([[policy.key, policy]]),
      defaults: { from: 'f@example.org', to: ['t@example.org'] },
      now,
    });
    if (message === undefined) return 'silent';
    book.markNotified(toldOf(message), { kind: 'sent' }, now + sendMs);
    return `${message.reason}: ${message.members[0].alert.message}`;
  };
}

describe('the cooldown of five minutes', () => {
  it.each([0, 400])('mails at 10:00:00 and 10:05:30, not at 10:01:00 and 10:04:59 (sending takes %d ms)', (sendMs) => {
    const look = createMonitor(sendMs);
    const start = Date.parse('2026-11-22T10:00:00Z');
    const times = [...Array.from({ length: 22 }, (_, index) => start + index * 30 * second), start + 299 * second];
    const mails = times
      .toSorted((a, b) => a - b)
      .map((now) => ({ time: clockTime(now), said: look(now, 85.2) }))
      .filter(({ said }) => said !== 'silent');
    expect(mails).toEqual([
      { time: '10:00:00', said: 'first: cpu is 85.2 % (rule: cpu > 80)' },
      { time: '10:05:30', said: 'reminder: cpu is 85.2 % (rule: cpu > 80)' },
    ]);
  });

  it('does not hold the end back', () => {
    const look = createMonitor(0);
    expect([look(0, 90), look(minute, 20), look(2 * minute, 20)]).toEqual([
      'first: cpu is 90 % (rule: cpu > 80)',
      'resolved: cpu is 90 % (rule: cpu > 80)',
      'silent',
    ]);
  });
});
