import { describe, expect, it } from 'vitest';
import type { Alert } from '../model/alert.ts';
import { buildPolicy } from '../model/builders.ts';
import type { NotifySpec } from '../model/policy.ts';
import type { LevelVerdict } from '../model/verdict.ts';
import { createBook, type AlertBook } from './book.ts';
import { buildLevel, buildVerdict, identity, toldOf, type VerdictWord } from './builders.ts';
import { isWaived, planNotifications, type Planned, type PlanInput } from './plan.ts';

const minute = 60_000;
const cooldownMs = 5 * minute;
const policyId = { key: identity.policy, uid: identity.policyUid };

function planFor(
  alerts: readonly Alert[],
  now: number,
  notify: Partial<NotifySpec> = {},
  input: Partial<PlanInput> = {},
): readonly Planned[] {
  const spec: NotifySpec = { ...buildPolicy().notify, ...notify };
  const policies = new Map([[identity.policy, { cooldownMs, notify: spec }]]);
  return planNotifications({
    alerts,
    policies,
    defaults: { from: 'f@example.org', to: ['t@example.org'] },
    now,
    ...input,
  });
}

interface Step {
  readonly minute: number;
  readonly critical?: VerdictWord;
  readonly warning?: VerdictWord;
  readonly level?: Partial<LevelVerdict>;
  readonly refuse?: boolean;
  readonly lose?: boolean;
}

/** Tick by tick: verdicts into the book, messages out of the plan, results back. Gives what each tick said. */
function walk(book: AlertBook, steps: readonly Step[], notify: Partial<NotifySpec> = {}): readonly string[] {
  return steps.map((step) => {
    const now = step.minute * minute;
    const verdict = buildVerdict(
      buildLevel(step.critical ?? 'clear', step.level),
      buildLevel(step.warning ?? 'clear', { severity: 'warning' }),
    );
    book.apply(policyId, identity.target, [verdict], now);
    const planned = planFor(book.list(), now, notify);
    for (const message of planned) settle(book, message, step, now);
    return planned.map(describePlanned).join(' ');
  });
}

function settle(book: AlertBook, message: Planned, step: Step, now: number): void {
  const told = toldOf(message);
  if (message.kind === 'skipped') {
    if (isWaived(message)) book.markNotified(told, { kind: 'waived' }, now);
  } else if (step.refuse) book.markNotified(told, { kind: 'rejected', reason: 'not verified' }, now);
  else if (!step.lose) book.markNotified(told, { kind: 'sent' }, now);
}

function describePlanned(message: Planned): string {
  const flaps = message.members[0].alert.notified.flaps;
  const what = message.kind === 'skipped' ? `skipped ${message.skipped}` : message.reason;
  return `${what}:${message.severity}${flaps > 0 ? `:flapped ${flaps}` : ''}`;
}

function say(steps: readonly Step[], notify: Partial<NotifySpec> = {}): readonly string[] {
  return walk(createBook(), steps, notify);
}

describe('a message is due', () => {
  it('first when it fires, then again after the cooldown, then with the end', () => {
    expect(
      say([
        { minute: 0, critical: 'breach' },
        { minute: 1, critical: 'breach' },
        { minute: 5, critical: 'breach' },
        { minute: 5.5, critical: 'breach' },
        { minute: 6 },
        { minute: 7 },
      ]),
    ).toEqual(['first:critical', '', '', 'reminder:critical', 'resolved:critical', '']);
  });

  it('never while pending', () => {
    const level = { forMs: 3 * minute };
    expect(
      say([
        { minute: 0, critical: 'breach', level },
        { minute: 2, critical: 'breach', level },
        { minute: 3, critical: 'breach', level },
      ]),
    ).toEqual(['', '', 'first:critical']);
  });

  it('at once when the severity rises, silently not when it falls, and never a second time for the same rise', () => {
    expect(
      say([
        { minute: 0, warning: 'breach' },
        { minute: 1, critical: 'breach', warning: 'breach' },
        { minute: 2, warning: 'breach' },
        { minute: 3, critical: 'breach', warning: 'breach' },
        { minute: 4 },
      ]),
    ).toEqual(['first:warning', 'escalated:critical', '', '', 'resolved:critical']);
  });

  it('once for flapping, after the cooldown, with the number of firings that went untold', () => {
    expect(
      say([
        { minute: 0, critical: 'breach' },
        { minute: 1 },
        { minute: 2, critical: 'breach' },
        { minute: 3 },
        { minute: 4, critical: 'breach' },
        { minute: 5 },
        { minute: 6, critical: 'breach' },
        { minute: 7, critical: 'breach' },
        { minute: 8 },
      ]),
    ).toEqual([
      'first:critical',
      'resolved:critical',
      '',
      '',
      '',
      '',
      '',
      'first:critical:flapped 2',
      'resolved:critical',
    ]);
  });

  it('at once for a firing within the cooldown that is worse than what was told', () => {
    expect(
      say([
        { minute: 0, warning: 'breach' },
        { minute: 1 },
        { minute: 2, critical: 'breach' },
        { minute: 3 },
        { minute: 4, critical: 'breach' },
      ]),
    ).toEqual(['first:warning', 'resolved:warning', 'first:critical', 'resolved:critical', '']);
  });

  it('once for an event, though it is over at once, and never for its end', () => {
    const level = { eventLike: true };
    expect(
      say([
        { minute: 0, critical: 'breach', level },
        { minute: 1, level },
        { minute: 2, level },
      ]),
    ).toEqual(['first:critical', '', '']);
  });

  it('still for an event whose message did not get out', () => {
    const level = { eventLike: true };
    expect(
      say([
        { minute: 0, critical: 'breach', level, lose: true },
        { minute: 1, level },
        { minute: 2, level },
      ]),
    ).toEqual(['first:critical', 'first:critical', '']);
  });

  it('for events within the cooldown once, when it has passed', () => {
    const level = { eventLike: true };
    const event = (at: number): Step => ({ minute: at, critical: 'breach', level });
    const quiet = (at: number): Step => ({ minute: at, level });
    expect(say([event(0), quiet(1), event(2), quiet(3), event(4), quiet(5), quiet(6)])).toEqual([
      'first:critical',
      '',
      '',
      '',
      '',
      '',
      'first:critical:flapped 1',
    ]);
  });

  it('not as a reminder of an event that nobody could look after', () => {
    const level = { eventLike: true };
    expect(
      say([
        { minute: 0, critical: 'breach', level },
        { minute: 10, critical: 'unknown', warning: 'unknown', level },
      ]),
    ).toEqual(['first:critical', '']);
  });

  it('not of the end when nobody was told of the beginning', () => {
    expect(say([{ minute: 0, critical: 'breach', lose: true }, { minute: 1 }])).toEqual(['first:critical', '']);
  });

  it('of the end until it got out, and of the next firing as if there had been no end', () => {
    expect(
      say([
        { minute: 0, critical: 'breach' },
        { minute: 1, lose: true },
        { minute: 2, lose: true },
        { minute: 3, critical: 'breach' },
        { minute: 6, critical: 'breach' },
        { minute: 7 },
      ]),
    ).toEqual([
      'first:critical',
      'resolved:critical',
      'resolved:critical',
      '',
      'reminder:critical',
      'resolved:critical',
    ]);
  });

  it('after a refusal not before the cooldown has passed', () => {
    expect(
      say([
        { minute: 0, critical: 'breach', refuse: true },
        { minute: 1, critical: 'breach' },
        { minute: 6, critical: 'breach' },
      ]),
    ).toEqual(['first:critical', '', 'first:critical']);
  });

  it('at most a cooldown after the clock was set back', () => {
    expect(
      say([
        { minute: 600, critical: 'breach' },
        { minute: 0, critical: 'breach' },
        { minute: 5.5, critical: 'breach' },
      ]),
    ).toEqual(['first:critical', '', 'reminder:critical']);
  });
});

describe('who wants to know', () => {
  it('leaves out what is below the least severity, and tells it when it rises to it', () => {
    const steps: Step[] = [
      { minute: 0, warning: 'breach' },
      { minute: 1, critical: 'breach' },
      { minute: 2, warning: 'breach' },
      { minute: 9, warning: 'breach' },
      { minute: 10 },
    ];
    expect(say(steps, { minSeverity: 'critical' })).toEqual(['', 'first:critical', '', '', 'resolved:critical']);
  });

  it('waives the end when it is not wanted', () => {
    expect(
      say([{ minute: 0, critical: 'breach' }, { minute: 1 }, { minute: 2 }, { minute: 9, critical: 'breach' }], {
        sendResolved: false,
      }),
    ).toEqual(['first:critical', 'skipped ResolvedNotWanted:critical', '', 'first:critical']);
  });

  it('says so when there is nobody to tell, or nobody to tell it as', () => {
    const book = createBook();
    book.apply(policyId, identity.target, [buildVerdict(buildLevel('breach'))], 0);
    expect(planFor(book.list(), 0, {}, { defaults: { from: 'f@example.org', to: [] } })).toMatchObject([
      { kind: 'skipped', skipped: 'NoRecipients' },
    ]);
    expect(planFor(book.list(), 0, {}, { defaults: { to: ['t@example.org'] } })).toMatchObject([
      { kind: 'skipped', skipped: 'NoSender' },
    ]);
  });

  it('takes the addresses of the policy before the defaults', () => {
    const book = createBook();
    book.apply(policyId, identity.target, [buildVerdict(buildLevel('breach'))], 0);
    expect(planFor(book.list(), 0, { to: ['ops@example.org'], from: 'me@example.org' })).toMatchObject([
      { to: ['ops@example.org'], from: 'me@example.org' },
    ]);
  });

  it('says nothing while held, and what is still true afterwards', () => {
    const book = createBook();
    book.apply(policyId, identity.target, [buildVerdict(buildLevel('breach'))], 0);
    expect(planFor(book.list(), 0, {}, { hold: () => 'Silenced' })).toEqual([]);
    expect(planFor(book.list(), minute)).toMatchObject([{ reason: 'first' }]);
  });

  it('says nothing of a policy that is gone', () => {
    const book = createBook();
    book.apply(policyId, identity.target, [buildVerdict(buildLevel('breach'))], 0);
    expect(planFor(book.list(), 0, {}, { policies: new Map() })).toEqual([]);
  });

  it('gives the same message the same id at every tick, and another one another', () => {
    const book = createBook();
    const idAt = (now: number): string => {
      book.apply(policyId, identity.target, [buildVerdict(buildLevel('breach'))], now);
      const [message] = planFor(book.list(), now);
      return message?.kind === 'message' ? message.id : '';
    };
    const first = idAt(0);
    expect(idAt(minute)).toBe(first);
    book.markNotified([{ key: identity.key, reason: 'first', severity: 'critical' }], { kind: 'sent' }, minute);
    expect(idAt(7 * minute)).not.toBe(first);
  });

  it('speaks of the worst policy first', () => {
    const book = createBook();
    const policies = new Map(['info', 'critical', 'warning'].map((key) => [key, buildPolicy()]));
    for (const severity of ['info', 'critical', 'warning'] as const) {
      book.apply({ key: severity, uid: '' }, identity.target, [buildVerdict(buildLevel('breach', { severity }))], 0);
    }
    const planned = planFor(book.list(), 0, {}, { policies });
    expect(planned.map(({ severity }) => severity)).toEqual(['critical', 'warning', 'info']);
  });
});
