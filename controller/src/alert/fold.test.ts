import { describe, expect, it } from 'vitest';
import type { Alert } from '../model/alert.ts';
import { buildPolicy, buildTarget } from '../model/builders.ts';
import type { NotifySpec } from '../model/policy.ts';
import type { LevelVerdict, RuleVerdict, Values } from '../model/verdict.ts';
import { createBook, type AlertBook, type PolicyIdentity } from './book.ts';
import { buildLevel, toldOf } from './builders.ts';
import { isWaived, planNotifications } from './plan.ts';

const policy: PolicyIdentity = { key: 'default/web', uid: 'uid-web' };
const other: PolicyIdentity = { key: 'default/other', uid: 'uid-other' };
const web = buildTarget({ name: 'web' });
const notes = { severity: 'info', eventLike: true } as const;

function rule(name: string, isBreach: boolean, values: Values, level: Partial<LevelVerdict> = {}): RuleVerdict {
  const verdict = isBreach
    ? ({ kind: 'breach', values, message: name, actions: [] } as const)
    : ({ kind: 'clear', values } as const);
  return { rule: name, levels: [buildLevel('clear', { ...level, verdict })] };
}

const down = rule('down', true, { up: false });
const up = rule('down', false, { up: true });
const restart = rule('restart', true, { restarted: true }, notes);

/** Who is told what at this time, and that it is taken so. */
function tell(book: AlertBook, now: number, notify: Partial<NotifySpec> = {}): readonly string[] {
  const policies = new Map(
    [policy, other].map(({ key }) => [key, buildPolicy({ notify: { ...buildPolicy().notify, ...notify } })] as const),
  );
  const planned = planNotifications({
    alerts: book.list(),
    policies,
    defaults: { from: 'f@example.org', to: ['a@example.org', 'b@example.org'] },
    now,
  });
  return planned.flatMap((message) => {
    if (message.kind === 'message' || isWaived(message))
      book.markNotified(toldOf(message), { kind: message.kind === 'message' ? 'sent' : 'waived' }, now);
    return message.kind === 'message' ? message.members.map(({ alert, reason }) => `${alert.rule} ${reason}`) : [];
  });
}

function outage(
  ...returning: readonly (readonly [PolicyIdentity, Parameters<AlertBook['apply']>[1], RuleVerdict])[]
): AlertBook {
  const book = createBook();
  book.apply(policy, web, [down], 0);
  expect(tell(book, 0)).toEqual(['down first']);
  book.apply(policy, web, [up], 60_000);
  for (const [by, target, verdict] of returning) book.apply(by, target, [verdict], 60_000);
  return book;
}

describe('a note about a start', () => {
  it('is told by the end of the outage, and by nothing later', () => {
    const book = outage([policy, web, restart]);
    expect(tell(book, 60_000)).toEqual(['down resolved']);
    expect(tell(book, 61_000)).toEqual([]);
    book.apply(policy, web, [rule('restart', false, {}, notes)], 90_000);
    expect(tell(book, 900_000)).toEqual([]);
    expect(book.list().map(({ notified }: Alert) => notified.count)).toEqual([2, 0]);
  });

  it('is not reminded of, though one before it was told long ago', () => {
    const book = createBook();
    book.apply(policy, web, [up, restart], 0);
    expect(tell(book, 0)).toEqual(['restart first']);
    book.apply(policy, web, [rule('down', true, { up: false }), rule('restart', false, {}, notes)], 1_000_000);
    expect(tell(book, 1_000_000)).toEqual(['down first']);
    book.apply(policy, web, [up, restart], 1_060_000);
    expect(tell(book, 1_060_000)).toEqual(['down resolved']);
    expect(tell(book, 1_061_000)).toEqual([]);
  });

  it('is news the next time', () => {
    const book = outage([policy, web, restart]);
    tell(book, 60_000);
    book.apply(policy, web, [rule('restart', false, {}, notes)], 90_000);
    book.apply(policy, web, [restart], 120_000);
    expect(tell(book, 120_000)).toEqual(['restart first']);
  });

  it.each<[string, PolicyIdentity, Parameters<AlertBook['apply']>[1], RuleVerdict]>([
    ['another policy', other, web, restart],
    ['another container', policy, buildTarget({ name: 'db' }), restart],
    ['a deployment', policy, web, rule('deploy', true, { deployed: true }, notes)],
    ['more than a start', policy, web, rule('restart', true, { restarted: true, restarts: 3 }, notes)],
  ])('is told when it is of %s', (_name, by, target, verdict) => {
    expect(tell(outage([by, target, verdict]), 60_000)).toContain(`${verdict.rule} first`);
  });

  it('is told when nobody hears of the end', () => {
    const book = outage([policy, web, restart]);
    expect(tell(book, 60_000, { sendResolved: false })).toEqual(['restart first']);
  });

  it('is told when it reaches those who do not hear of the end', () => {
    const routes = [{ minSeverity: 'critical', to: ['c@example.org'] }] as const;
    const book = createBook();
    book.apply(policy, web, [rule('down', true, { up: false }, { severity: 'warning' })], 0);
    tell(book, 0, { routes });
    const loud = rule('restart', true, { restarted: true }, { severity: 'critical', eventLike: true });
    book.apply(policy, web, [rule('down', false, {}, { severity: 'warning' }), loud], 60_000);
    expect(tell(book, 60_000, { routes }).toSorted()).toEqual(['down resolved', 'restart first']);
  });

  it('is told when nothing was down', () => {
    const book = createBook();
    book.apply(policy, web, [up, restart], 0);
    expect(tell(book, 0)).toEqual(['restart first']);
  });
});

const loops = { up: true, 'increaseOver(restarts, 10m)': 3 };
const loop = rule('loop', true, loops);
const steady = rule('loop', false, loops);
const noRestart = rule('restart', false, {}, notes);

describe('a note about a restart of a container that is told to restart again and again', () => {
  it('is told by that, in the look that shows both and afterwards', () => {
    const book = createBook();
    book.apply(policy, web, [loop, restart], 0);
    expect(tell(book, 0)).toEqual(['loop first']);
    book.apply(policy, web, [loop, noRestart], 30_000);
    book.apply(policy, web, [loop, restart], 60_000);
    book.apply(policy, web, [loop, noRestart], 90_000);
    expect(tell(book, 90_000)).toEqual([]);
    book.apply(policy, web, [steady, noRestart], 120_000);
    expect(tell(book, 120_000)).toEqual(['loop resolved']);
    book.apply(policy, web, [steady, restart], 150_000);
    expect(tell(book, 150_000)).toEqual(['restart first']);
  });

  it.each<[string, RuleVerdict, RuleVerdict]>([
    ['of a higher severity', rule('loop', true, loops, { severity: 'warning' }), crashNote('critical')],
    ['by a rule that says more', loop, rule('memory', true, { restarted: true, memory: 90 }, notes)],
    ['beside a rule that says more', rule('loop', true, { ...loops, memory: 90 }), restart],
    ['beside a rule about all restarts there ever were', rule('loop', true, { restarts: 9 }), restart],
  ])('is told when it is %s', (_name, fires, note) => {
    const book = createBook();
    book.apply(policy, web, [fires], 0);
    tell(book, 0);
    book.apply(policy, web, [fires, note], 30_000);
    expect(tell(book, 30_000)).toEqual([`${note.rule} first`]);
  });

  it('is told when the other is not', () => {
    const book = createBook();
    book.apply(policy, web, [loop, restart], 0);
    const silenced = new Map(
      book.list().flatMap(({ key, rule: name }) => (name === 'loop' ? [[key, { silencedBy: 'works' }]] : [])),
    );
    book.hold(silenced);
    expect(tell(book, 0)).toEqual(['restart first']);
  });
});

function crashNote(severity: LevelVerdict['severity']): RuleVerdict {
  return rule('crash', true, { crashed: true }, { severity, eventLike: true });
}
