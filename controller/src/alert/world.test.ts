import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { always, answering, steady, type Invariant } from './invariants.ts';
import type { Condition } from './world-verdicts.ts';
import { live, type Tick } from './world.ts';

const second = 1000;
/** Histories in all; more with FOGHORN_HISTORIES=1000000. */
const HISTORIES = Number(process.env['FOGHORN_HISTORIES'] ?? 10_500);
const TEST_TIMEOUT_MS = Math.max(60_000, HISTORIES * 10);

interface Dangers {
  readonly clockJumps: boolean;
  readonly deaths: boolean;
  readonly refusals: boolean;
}

/** A process may write and send so much in one tick. */
const MOST_STEPS = 24;
const calm: Tick = {
  afterMs: 200 * second,
  containers: ['calm', 'calm'],
  isHostAway: false,
  wish: 'unsilence',
  send: 'works',
};
/** As long as the longest cooldown twice, and what may gather. */
const calmEnd: readonly Tick[] = Array.from({ length: 5 }, () => calm);

function histories({ clockJumps, deaths, refusals }: Dangers): fc.Arbitrary<readonly Tick[]> {
  const condition = fc.constantFrom<Condition[]>('calm', 'calm', 'busy', 'hot', 'down', 'down', 'restarted', 'unread');
  const step = { weight: 9, arbitrary: fc.constantFrom(second, 10 * second, 30 * second, 30 * second, 150 * second) };
  const jump = { weight: 1, arbitrary: fc.constantFrom(-7200 * second, -90 * second, 0, 7200 * second) };
  const sends: Tick['send'][] = refusals
    ? ['works', 'works', 'fails', 'rejects']
    : ['works', 'works', 'works', 'fails'];
  const tick = fc.record({
    afterMs: clockJumps ? fc.oneof(step, jump) : step.arbitrary,
    containers: fc.tuple(condition, condition),
    isHostAway: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    wish: fc.oneof(
      { weight: 8, arbitrary: fc.constant('none' as const) },
      { weight: 2, arbitrary: fc.constantFrom('silence-down', 'silence-all', 'unsilence', 'acknowledge') },
    ),
    send: fc.constantFrom(...sends),
    diesAfter: deaths
      ? fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(MOST_STEPS) })
      : fc.constant(undefined),
  });
  return fc.array(tick, { minLength: 1, maxLength: 24 });
}

function isBroken(invariant: Invariant, [history, sameReaders]: readonly [readonly Tick[], boolean]): boolean {
  return invariant(live([...history, ...calmEnd], sameReaders)).length > 0;
}

describe.each<[string, Dangers, Readonly<Record<string, Invariant>>]>([
  [
    'with deaths between any two writes, refusals and clock jumps',
    { clockJumps: true, deaths: true, refusals: true },
    always,
  ],
  ['with clock jumps and failing sends', { clockJumps: true, deaths: false, refusals: false }, answering],
  ['with deaths between any two writes and refusals', { clockJumps: false, deaths: true, refusals: true }, steady],
])('any history %s', (_name, dangers, invariants) => {
  const numRuns = Math.ceil(HISTORIES / 3);
  const seed = Math.floor(Math.random() * 2 ** 31);
  const arbitrary = fc.tuple(histories(dangers), fc.boolean());

  it(
    `is told well (${Object.keys(invariants).join('; ')})`,
    () => {
      const broken = new Set<string>();
      for (const [history, sameReaders] of fc.sample(arbitrary, { numRuns, seed })) {
        const world = live([...history, ...calmEnd], sameReaders);
        for (const [name, invariant] of Object.entries(invariants)) if (invariant(world).length > 0) broken.add(name);
      }
      // Found again and made small, to be read.
      const reports = [...broken].map((name) => {
        const invariant = invariants[name] ?? (() => []);
        const check = fc.check(
          fc.property(arbitrary, (one) => !isBroken(invariant, one)),
          { numRuns, seed },
        );
        return `${name}:\n${fc.defaultReportMessage(check) ?? ''}`;
      });
      expect(reports).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});

describe('a process that goes on after another', () => {
  it('tells what the other would have told', () => {
    const dangers = { clockJumps: true, deaths: false, refusals: true };
    fc.assert(
      fc.property(
        histories(dangers),
        fc.infiniteStream(fc.boolean()),
        fc.boolean(),
        (history, restarts, sameReaders) => {
          const mailsOf = (ticks: readonly Tick[]): readonly string[] =>
            live(ticks, sameReaders).tellings.map(
              ({ at, key, reason, severity }) => `${at} ${key} ${reason} ${severity}`,
            );
          // It dies when all of its tick is done.
          const restarted = history.map((tick) => ({
            ...tick,
            diesAfter: restarts.next().value === true ? Infinity : undefined,
          }));
          expect(mailsOf(restarted)).toEqual(mailsOf(history));
        },
      ),
      { numRuns: 300 },
    );
  });
});
