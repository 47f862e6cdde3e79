import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../model/alert.ts';
import { buildPolicy } from '../model/builders.ts';
import type { NotificationReason } from '../model/notification.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { createBook, type AlertBook } from './book.ts';
import { buildLevel, buildVerdict, identity, toldOf, type VerdictWord } from './builders.ts';
import { planNotifications, type PlannedMessage } from './plan.ts';

const second = 1000;
const cooldownMs = 300 * second;
const forMs = 60 * second;
const policy = { key: identity.policy, uid: identity.policyUid };
const policies = new Map([[identity.policy, { cooldownMs, notify: buildPolicy().notify }]]);

/** What may happen between two ticks, and how the sending of a tick goes. */
interface Tick {
  readonly afterMs: number;
  readonly critical: VerdictWord;
  readonly warning: VerdictWord;
  /** `crashAfterSend`: the message is out, and the process dies before that is written. */
  readonly send: 'works' | 'fails' | 'rejects' | 'crashAfterSend';
  /** The process is gone and another one reads what was written. */
  readonly restart: boolean;
}

interface Mail {
  readonly at: number;
  readonly tick: number;
  readonly reason: NotificationReason;
  readonly severity: Severity;
  readonly firedAt: number;
  readonly written: boolean;
}

interface World {
  readonly mails: readonly Mail[];
  /** After each tick. */
  readonly states: readonly { readonly at: number; readonly alert: Alert | undefined; readonly tick: Tick }[];
}

/** Runs a history through book and plan as the pipeline does: write, send, write what was told. */
function live(history: readonly Tick[]): World {
  const mails: Mail[] = [];
  const states: World['states'][number][] = [];
  let book = createBook();
  let written = '[]';
  let now = 1_000_000 * second;
  for (const [index, tick] of history.entries()) {
    now = Math.max(0, now + tick.afterMs);
    if (tick.restart) book = reopen(written);
    book.apply(policy, identity.target, [verdictOf(tick)], now);
    written = JSON.stringify(book.list());
    for (const message of due(book, now)) {
      if (tick.send === 'works' || tick.send === 'crashAfterSend') mails.push(mailOf(message, { tick, index, now }));
      record(book, message, tick, now);
    }
    if (tick.send === 'crashAfterSend') book = reopen(written);
    written = JSON.stringify(book.list());
    states.push({ at: now, alert: book.get(identity.key), tick });
  }
  return { mails, states };
}

function reopen(written: string): AlertBook {
  const book = createBook();
  book.restore(JSON.parse(written));
  return book;
}

function verdictOf({ critical, warning }: Tick): ReturnType<typeof buildVerdict> {
  return buildVerdict(buildLevel(critical, { forMs }), buildLevel(warning, { severity: 'warning' }));
}

function due(book: AlertBook, now: number): readonly PlannedMessage[] {
  const defaults = { from: 'f@example.org', to: ['t@example.org'] };
  return planNotifications({ alerts: book.list(), policies, defaults, now }).filter(
    ({ kind }) => kind === 'message',
  ) as PlannedMessage[];
}

function record(book: AlertBook, message: PlannedMessage, { send }: Tick, now: number): void {
  if (send === 'works') book.markNotified(toldOf(message), { kind: 'sent' }, now);
  if (send === 'rejects') book.markNotified(toldOf(message), { kind: 'rejected', reason: 'no' }, now);
}

function mailOf(message: PlannedMessage, { tick, index, now }: { tick: Tick; index: number; now: number }): Mail {
  const { reason, severity, members } = message;
  return { at: now, tick: index, reason, severity, firedAt: members[0].alert.firedAt, written: tick.send === 'works' };
}

const word = fc.constantFrom<VerdictWord>('breach', 'breach', 'clear', 'unknown');
function ticks(options: { clockJumps: boolean; crashes: boolean; rejects: boolean }): fc.Arbitrary<readonly Tick[]> {
  const jump = { weight: 1, arbitrary: fc.constantFrom(-7200 * second, -120 * second, 0, 7200 * second) };
  const step = { weight: 9, arbitrary: fc.constantFrom(second, 30 * second, 30 * second, 90 * second) };
  const sends: Tick['send'][] = ['works', 'works', 'works', 'fails'];
  if (options.crashes) sends.push('crashAfterSend');
  if (options.rejects) sends.push('rejects');
  const tick = fc.record<Tick>({
    afterMs: options.clockJumps ? fc.oneof(step, jump) : step.arbitrary,
    critical: word,
    warning: word,
    send: fc.constantFrom(...sends),
    restart: fc.boolean(),
  });
  return fc.array(tick, { minLength: 1, maxLength: 60 });
}

const everything = ticks({ clockJumps: true, crashes: true, rejects: true });
const answering = ticks({ clockJumps: true, crashes: false, rejects: false });
const crashing = ticks({ clockJumps: false, crashes: true, rejects: true });
const steadyClock = ticks({ clockJumps: false, crashes: false, rejects: true });
const runs = { numRuns: 3000 };

/** A history with a violation of an invariant, in words; undefined when none was found. */
function findViolation(
  histories: fc.Arbitrary<readonly Tick[]>,
  violations: (world: World) => readonly unknown[],
): string | undefined {
  return fc.defaultReportMessage(
    fc.check(
      fc.property(histories, (history) => violations(live(history)).length === 0),
      runs,
    ),
  );
}

function isWorse(a: Severity, b: Severity): boolean {
  return compareSeverity(a, b) > 0;
}

function untold({ states }: World): readonly unknown[] {
  return states.filter(({ at, alert, tick }) => {
    if (alert?.state !== 'firing' || tick.send !== 'works') return false;
    const { toldSeverity, lastAt = -Infinity, lastSeverity = 'info' } = alert.notified;
    if (toldSeverity !== undefined) return isWorse(alert.severity, toldSeverity);
    return at - lastAt > cooldownMs || isWorse(alert.severity, lastSeverity);
  });
}

function forgotten({ states }: World): readonly unknown[] {
  return states.filter(
    ({ at, alert, tick }) =>
      alert?.state === 'firing' && tick.send === 'works' && at - (alert.notified.lastAt ?? at) > cooldownMs,
  );
}

function repeated({ mails }: World): readonly unknown[] {
  const firsts = mails.filter(({ reason }) => reason === 'first');
  return firsts.filter(({ firedAt }, index) => firsts.findIndex((mail) => mail.firedAt === firedAt) !== index);
}

function repeatedAfterWrite({ mails }: World): readonly unknown[] {
  return mails.filter(({ reason, firedAt }, index) => {
    const before = mails[index - 1];
    return reason === 'first' && before?.reason === 'first' && before.firedAt === firedAt && before.written;
  });
}

function hasty({ mails }: World): readonly unknown[] {
  return mails.filter(({ at, reason, severity }, index) => {
    const before = mails[index - 1];
    if (before === undefined || reason === 'escalated' || reason === 'resolved') return false;
    return at - before.at <= cooldownMs && !(reason === 'first' && isWorse(severity, before.severity));
  });
}

function stray({ mails }: World): readonly unknown[] {
  return mails.filter(({ reason }, index) => {
    const before = mails.slice(0, index).findLast(({ written }) => written);
    return reason === 'resolved' && (before === undefined || before.reason === 'resolved');
  });
}

function doubled({ mails }: World): readonly unknown[] {
  return mails.filter(({ tick }, index) => mails[index - 1]?.tick === tick);
}

function moved({ states }: World): readonly unknown[] {
  return states.filter(({ alert, tick }, index) => {
    const unknown = tick.critical === 'unknown' && tick.warning === 'unknown';
    return unknown && alert?.state !== states[index - 1]?.alert?.state;
  });
}

function ahead({ states }: World): readonly unknown[] {
  return states.filter(({ at, alert }) => alert !== undefined && timesOf(alert).some((time) => time > at));
}

function timesOf({ pendingSince, notified, levels }: Alert): readonly number[] {
  const timers = levels.flatMap((level) => [level.breachedSince, level.clearSince ?? 0, level.unknownSince ?? 0]);
  return [pendingSince, notified.lastAt ?? 0, notified.rejectedAt ?? 0, ...timers];
}

describe('any history of verdicts, restarts, failed sends and clock jumps', () => {
  it('leaves no firing alert untold when sending works, but within the cooldown of an earlier message', () => {
    expect(findViolation(answering, untold)).toBeUndefined();
  });

  it('reminds of a firing alert once the cooldown has passed', () => {
    expect(findViolation(answering, forgotten)).toBeUndefined();
  });

  it('sends no second first message of one firing without a crash between send and write', () => {
    expect(findViolation(steadyClock, repeated)).toBeUndefined();
  });

  it('repeats a first message only when the process died between send and write', () => {
    expect(findViolation(crashing, repeatedAfterWrite)).toBeUndefined();
  });

  it('never sends more than the cooldown allows, apart from what got worse and what ended', () => {
    expect(findViolation(steadyClock, hasty)).toBeUndefined();
  });

  it('tells an end only after a beginning, and once', () => {
    expect(findViolation(everything, stray)).toBeUndefined();
  });

  it('sends one message at most in a tick', () => {
    expect(findViolation(everything, doubled)).toBeUndefined();
  });

  it('fires and clears nothing on unknown verdicts alone', () => {
    expect(findViolation(everything, moved)).toBeUndefined();
  });

  it('has no time in an alert that lies ahead of the clock', () => {
    expect(findViolation(everything, ahead)).toBeUndefined();
  });

  it('goes on after a restart as if there had been none', () => {
    fc.assert(
      fc.property(answering, (history) => {
        const undisturbed = history.map((tick) => ({ ...tick, restart: false }));
        expect(live(history).mails).toEqual(live(undisturbed).mails);
      }),
      runs,
    );
  });
});
