import { describe, expect, it } from 'vitest';
import type { Alert, AlertTarget } from '../model/alert.ts';
import { buildPolicy } from '../model/builders.ts';
import type { NotifySpec } from '../model/policy.ts';
import type { Severity } from '../model/severity.ts';
import type { RuleVerdict } from '../model/verdict.ts';
import { createBook, type AlertBook } from './book.ts';
import { buildLevel, buildVerdict, identity, toldOf } from './builders.ts';
import { planNotifications, type Planned, type PlanInput } from './plan.ts';

const minute = 60_000;
const policyId = { key: identity.policy, uid: identity.policyUid };

function planFor(
  alerts: readonly Alert[],
  now: number,
  notify: Partial<NotifySpec> = {},
  input: Partial<PlanInput> = {},
): readonly Planned[] {
  const policy = buildPolicy({ notify: { ...buildPolicy().notify, ...notify } });
  const defaults = { from: 'f@example.org', to: ['t@example.org'] };
  return planNotifications({ alerts, policies: new Map([[identity.policy, policy]]), defaults, now, ...input });
}

function tellAll(book: AlertBook, message: Planned, now: number): void {
  book.markNotified(toldOf(message), { kind: 'sent' }, now);
}

const target = (id: string): AlertTarget => ({ ...identity.target, id, name: id });
const breach = (severity: Severity = 'critical'): RuleVerdict => buildVerdict(buildLevel('breach', { severity }));
const clear = buildVerdict(buildLevel('clear'));
const membersOf = (planned: readonly Planned[]): readonly string[] =>
  planned.map(({ members }) =>
    members.map(({ alert, reason }) => `${reason} ${alert.target.id}/${alert.severity}`).join(),
  );

describe('what goes into one message', () => {
  it('is all that is due for a policy and its readers, what fires before what has ended, worst first', () => {
    const book = createBook();
    book.apply(policyId, target('old'), [breach()], 0);
    for (const message of planFor(book.list(), 0)) tellAll(book, message, 0);
    book.apply(policyId, target('old'), [clear], minute);
    book.apply(policyId, target('mild'), [breach('warning')], minute);
    book.apply(policyId, target('worst'), [breach()], minute);
    const planned = planFor(book.list(), minute);
    expect(membersOf(planned)).toEqual(['first worst/critical,first mild/warning,resolved old/critical']);
    expect(planned).toMatchObject([{ reason: 'first', severity: 'critical' }]);
  });

  it('is led by news, not by the reminder of what has fired for longer', () => {
    const book = createBook();
    book.apply(policyId, target('old'), [breach()], 0);
    for (const message of planFor(book.list(), 0)) tellAll(book, message, 0);
    book.apply(policyId, target('new'), [breach()], 6 * minute);
    const planned = planFor(book.list(), 6 * minute);
    expect(membersOf(planned)).toEqual(['first new/critical,reminder old/critical']);
    expect(planned).toMatchObject([{ reason: 'first', severity: 'critical' }]);
  });

  it('keeps apart policies, and ends that nobody wants', () => {
    const book = createBook();
    book.apply(policyId, target('a'), [breach()], 0);
    book.apply({ key: 'default/other', uid: '' }, target('a'), [breach()], 0);
    const policies = new Map([identity.policy, 'default/other'].map((key) => [key, buildPolicy()]));
    expect(planFor(book.list(), 0, {}, { policies })).toHaveLength(2);
  });

  it('has another id when another alert joins, and the same one whatever the order', () => {
    const book = createBook();
    const idAt = (now: number): string => {
      const [message] = planFor(book.list(), now);
      return message?.kind === 'message' ? message.id : '';
    };
    book.apply(policyId, target('a'), [breach('warning')], 0);
    const alone = idAt(0);
    book.apply(policyId, target('b'), [breach('info')], 0);
    const both = idAt(0);
    expect(both).not.toBe(alone);
    book.apply(policyId, target('b'), [buildVerdict(buildLevel('breach', { severity: 'warning' }))], 1);
    expect(idAt(1)).toBe(both);
  });

  it('waits for groupWait, and then takes along what came meanwhile', () => {
    const book = createBook();
    const notify = { groupWaitMs: minute };
    book.apply(policyId, target('a'), [breach()], 0);
    expect(planFor(book.list(), 59_999, notify)).toEqual([]);
    book.apply(policyId, target('b'), [breach()], 50_000);
    expect(membersOf(planFor(book.list(), minute, notify))).toEqual(['first a/critical,first b/critical']);
  });

  it('leaves groupInterval between two messages, which what got worse does not wait for', () => {
    const notify = { groupIntervalMs: 10 * minute };
    const book = createBook();
    book.apply(policyId, target('a'), [breach('warning')], 0);
    for (const message of planFor(book.list(), 0, notify)) tellAll(book, message, 0);
    book.apply(policyId, target('b'), [breach()], minute);
    expect(planFor(book.list(), 10 * minute - 1, notify)).toEqual([]);
    expect(membersOf(planFor(book.list(), 10 * minute, notify))).toEqual(['first b/critical,reminder a/warning']);
    const levels = buildVerdict(buildLevel('breach'), buildLevel('breach', { severity: 'warning' }));
    book.apply(policyId, target('a'), [levels], 2 * minute);
    expect(membersOf(planFor(book.list(), 2 * minute, notify))).toEqual(['escalated a/critical,first b/critical']);
  });

  it('is not held back by a clock that was set back', () => {
    const notify = { groupIntervalMs: 10 * minute };
    const book = createBook();
    book.apply(policyId, target('a'), [breach()], 600 * minute);
    for (const message of planFor(book.list(), 600 * minute, notify)) tellAll(book, message, 600 * minute);
    book.apply(policyId, target('b'), [breach()], minute);
    expect(membersOf(planFor(book.list(), minute, notify))).toEqual(['first b/critical']);
  });
});

describe('a message that is held back', () => {
  type Holds = Pick<Alert, 'silencedBy' | 'inhibitedBy' | 'acknowledgedBy'>;
  const held = (holds: Holds): readonly string[] => {
    const book = createBook();
    book.apply(policyId, identity.target, [buildVerdict(buildLevel('breach'))], 0);
    const before = planFor(book.list(), 0).map(({ reason }) => reason);
    for (const message of planFor(book.list(), 0)) tellAll(book, message, 0);
    const later = planFor(
      book.list().map((alert) => ({ ...alert, ...holds })),
      6 * minute,
    );
    return [...before, ...later.map(({ reason }) => reason)];
  };

  it.each([
    ['silenced', { silencedBy: 'deploy' }, ['first']],
    ['inhibited', { inhibitedBy: 'down' }, ['first']],
    ['acknowledged', { acknowledgedBy: 'ann' }, ['first']],
    ['none of these', {}, ['first', 'reminder']],
  ])('while it is %s', (_name, holds, expected) => {
    expect(held(holds)).toEqual(expected);
  });

  it('is told of its beginning and its end though somebody acknowledged it', () => {
    const book = createBook();
    book.apply(policyId, identity.target, [buildVerdict(buildLevel('breach'))], 0);
    const acknowledged = book.list().map((alert) => ({ ...alert, acknowledgedBy: 'ann' }));
    expect(planFor(acknowledged, 0)).toMatchObject([{ reason: 'first' }]);
  });
});
