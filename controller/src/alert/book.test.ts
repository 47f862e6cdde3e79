import { describe, expect, it } from 'vitest';
import type { RuleVerdict } from '../model/verdict.ts';
import { createBook, type AlertBook } from './book.ts';
import { buildLevel, buildVerdict, identity, type VerdictWord } from './builders.ts';
import type { Told } from './told.ts';

const policy = { key: identity.policy, uid: identity.policyUid };
const hour = 3_600_000;

function applyTo(book: AlertBook, targetId: string, word: VerdictWord, now = 0): readonly string[] {
  const target = { ...identity.target, id: targetId };
  return book.apply(policy, target, [buildVerdict(buildLevel(word))], now).map(({ kind }) => kind);
}

function told(key: string): Told {
  return { key, reason: 'first', severity: 'critical' };
}

function twoLevels(critical: VerdictWord): RuleVerdict {
  return buildVerdict(buildLevel(critical), buildLevel('breach', { severity: 'warning' }));
}

function firingBook(): AlertBook {
  const book = createBook();
  applyTo(book, 'a', 'breach');
  applyTo(book, 'b', 'breach');
  return book;
}

function states(book: AlertBook): readonly string[] {
  return book.list().map(({ target, state }) => `${target.id} ${state}`);
}

describe('the book of alerts', () => {
  it('keeps one alert for each policy, rule and target', () => {
    const book = firingBook();
    expect(applyTo(book, 'a', 'breach', 1)).toEqual([]);
    expect(book.list().map(({ key }) => key)).toEqual(['default/web|cpu|a', 'default/web|cpu|b']);
  });

  it('writes nothing down while all is calm', () => {
    const book = createBook();
    expect([applyTo(book, 'a', 'clear'), applyTo(book, 'a', 'unknown')]).toEqual([[], []]);
    expect(book.list()).toEqual([]);
  });

  it('resolves the alerts of targets that left, and the end is told', () => {
    const book = firingBook();
    book.markNotified([told('default/web|cpu|b')], { kind: 'sent' }, 1);
    const changes = book.keepTargets(identity.policy, new Set(['a']), 2);
    expect(changes).toMatchObject([
      { kind: 'resolved', alert: { resolvedReason: 'targetGone', resolvedAt: 2, notified: { resolvedTold: false } } },
    ]);
    expect(states(book)).toEqual(['a firing', 'b resolved']);
  });

  it('resolves the alerts of rules that left', () => {
    const book = firingBook();
    expect(book.keepRules(identity.policy, new Set(['memory']), 2)).toHaveLength(2);
    expect(book.get('default/web|cpu|a')).toMatchObject({ resolvedReason: 'ruleGone' });
  });

  it('ends all of a suspended policy without a message', () => {
    const book = firingBook();
    book.markNotified([told('default/web|cpu|b')], { kind: 'sent' }, 1);
    expect(book.suspend(identity.policy, 2)).toMatchObject([
      { alert: { resolvedReason: 'suspended', notified: { resolvedTold: true } } },
      { alert: { resolvedReason: 'suspended', notified: { resolvedTold: true } } },
    ]);
  });

  it('forgets a policy that was deleted, and no other', () => {
    const book = firingBook();
    const other = { key: 'default/other', uid: 'u' };
    book.apply(other, identity.target, [buildVerdict(buildLevel('breach'))], 0);
    expect(book.forgetPolicy(identity.policy, 2)).toHaveLength(2);
    expect(book.list().map(({ policy: key }) => key)).toEqual(['default/other']);
  });

  it('drops pending alerts of what left', () => {
    const book = createBook();
    book.apply(policy, identity.target, [buildVerdict(buildLevel('breach', { forMs: 60_000 }))], 0);
    expect(book.keepTargets(identity.policy, new Set(), 1)).toMatchObject([{ kind: 'dropped' }]);
    expect(book.list()).toEqual([]);
  });

  it('goes back to the firing before when a pending alert is dropped', () => {
    const book = createBook();
    const step = (word: VerdictWord, now: number): readonly string[] =>
      book
        .apply(policy, identity.target, [buildVerdict(buildLevel(word, { forMs: 60_000 }))], now)
        .map(({ kind }) => kind);
    step('breach', 0);
    step('breach', 60_000);
    book.markNotified([told(identity.key)], { kind: 'sent' }, 60_001);
    step('clear', 90_000);
    const resolved = book.get(identity.key);
    expect([step('breach', 120_000), step('clear', 150_000)]).toEqual([['opened'], []]);
    expect(book.get(identity.key)).toEqual(resolved);
  });

  it('goes on from what an earlier process wrote', () => {
    const book = createBook();
    book.restore(firingBook().list());
    expect(applyTo(book, 'a', 'breach', 5)).toEqual([]);
    expect(applyTo(book, 'a', 'clear', 6)).toEqual(['resolved']);
  });

  it('forgets resolved alerts after their time, and those whose end was not told after a day', () => {
    const book = firingBook();
    book.markNotified([told('default/web|cpu|b')], { kind: 'sent' }, 1);
    applyTo(book, 'a', 'clear', 2);
    applyTo(book, 'b', 'clear', 2);
    expect(book.prune(hour, hour)).toEqual([]);
    expect(book.prune(hour, hour + 2)).toEqual(['default/web|cpu|a']);
    expect(book.prune(hour, 24 * hour + 2)).toEqual(['default/web|cpu|b']);
    expect(book.list()).toEqual([]);
  });

  it('notes what the message said of an alert that escalated while it was under way', () => {
    const book = createBook();
    book.apply(policy, identity.target, [twoLevels('clear')], 0);
    book.apply(policy, identity.target, [twoLevels('breach')], 1);
    book.markNotified([{ ...told(identity.key), severity: 'warning' }], { kind: 'sent' }, 2);
    expect(book.get(identity.key)?.notified).toMatchObject({ toldSeverity: 'warning', count: 1, lastAt: 2 });
  });

  it('owes the end of an alert that resolved while its first message was under way', () => {
    const book = firingBook();
    applyTo(book, 'a', 'clear', 1);
    book.markNotified([told('default/web|cpu|a'), told('gone')], { kind: 'sent' }, 2);
    expect(book.get('default/web|cpu|a')?.notified).toMatchObject({ toldSeverity: 'critical', resolvedTold: false });
  });

  it('is bounded: resolved alerts make room, and what does not fit is counted', () => {
    const book = createBook(2);
    applyTo(book, 'a', 'breach');
    applyTo(book, 'b', 'breach');
    expect(applyTo(book, 'c', 'breach')).toEqual([]);
    expect(book.refused()).toBe(1);
    applyTo(book, 'a', 'clear', 1);
    expect(applyTo(book, 'c', 'breach', 2)).toEqual(['fired']);
    expect(states(book)).toEqual(['b firing', 'c firing']);
  });
});
