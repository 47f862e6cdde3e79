import { describe, expect, it } from 'vitest';
import type { Alert } from '../model/alert.ts';
import type { LevelVerdict, RuleVerdict } from '../model/verdict.ts';
import { advance } from './advance.ts';
import { buildLevel, buildVerdict, identity, type VerdictWord } from './builders.ts';

const second = 1000;

/** Walks steps `[second, verdict word]` of one level and gives what each did: `fired`, or the state it stayed in. */
function walk(steps: readonly (readonly [number, VerdictWord])[], timers: Partial<LevelVerdict> = {}): string {
  let alert: Alert | undefined;
  return steps
    .map(([at, word]) => {
      const verdict = buildVerdict(buildLevel(word, timers));
      const step = advance(alert, { identity, verdict, now: at * second });
      alert = step.alert;
      return step.change?.kind ?? alert?.state ?? '-';
    })
    .join(' ');
}

describe('one level', () => {
  it.each<[string, Partial<LevelVerdict>, readonly (readonly [number, VerdictWord])[], string]>([
    [
      'fires at once without for',
      {},
      [
        [0, 'breach'],
        [30, 'breach'],
      ],
      'fired firing',
    ],
    [
      'stays away while all is clear or unknown',
      {},
      [
        [0, 'clear'],
        [30, 'unknown'],
      ],
      '- -',
    ],
    [
      'fires after for',
      { forMs: 60_000 },
      [
        [0, 'breach'],
        [30, 'breach'],
        [60, 'breach'],
      ],
      'opened pending fired',
    ],
    [
      'drops what is clear while pending',
      { forMs: 60_000 },
      [
        [0, 'breach'],
        [30, 'clear'],
        [60, 'breach'],
      ],
      'opened dropped opened',
    ],
    [
      'does not count unknown time to for',
      { forMs: 60_000 },
      [
        [0, 'breach'],
        [30, 'unknown'],
        [90, 'breach'],
        [119, 'breach'],
        [120, 'breach'],
      ],
      'opened pending pending pending fired',
    ],
    [
      'does not fire while unknown',
      { forMs: 60_000 },
      [
        [0, 'breach'],
        [600, 'unknown'],
        [1200, 'unknown'],
      ],
      'opened pending pending',
    ],
    [
      'resolves at once without keepFiringFor',
      {},
      [
        [0, 'breach'],
        [30, 'clear'],
        [60, 'clear'],
      ],
      'fired resolved resolved',
    ],
    [
      'resolves after keepFiringFor',
      { keepFiringForMs: 60_000 },
      [
        [0, 'breach'],
        [30, 'clear'],
        [60, 'clear'],
        [90, 'clear'],
      ],
      'fired firing firing resolved',
    ],
    [
      'starts keepFiringFor again after a breach',
      { keepFiringForMs: 60_000 },
      [
        [0, 'breach'],
        [30, 'clear'],
        [60, 'breach'],
        [90, 'clear'],
        [149, 'clear'],
        [150, 'clear'],
      ],
      'fired firing firing firing firing resolved',
    ],
    [
      'does not count unknown time to keepFiringFor',
      { keepFiringForMs: 60_000 },
      [
        [0, 'breach'],
        [30, 'clear'],
        [60, 'unknown'],
        [600, 'clear'],
        [630, 'clear'],
      ],
      'fired firing firing firing resolved',
    ],
    [
      'keeps firing while unknown',
      {},
      [
        [0, 'breach'],
        [30, 'unknown'],
        [9000, 'unknown'],
      ],
      'fired firing firing',
    ],
    [
      'fires anew after it resolved',
      {},
      [
        [0, 'breach'],
        [30, 'clear'],
        [60, 'breach'],
      ],
      'fired resolved fired',
    ],
    [
      'fires and ends an event, whatever its timers',
      { eventLike: true, forMs: 60_000, keepFiringForMs: 60_000 },
      [
        [0, 'breach'],
        [30, 'clear'],
      ],
      'fired resolved',
    ],
    [
      'waits no longer than for after the clock was set back',
      { forMs: 60_000 },
      [
        [9000, 'breach'],
        [0, 'breach'],
        [60, 'breach'],
      ],
      'opened pending fired',
    ],
    [
      'waits no longer than keepFiringFor after the clock was set back',
      { keepFiringForMs: 60_000 },
      [
        [9000, 'breach'],
        [9010, 'clear'],
        [0, 'clear'],
        [60, 'clear'],
      ],
      'fired firing firing resolved',
    ],
    [
      'keeps unknown time bounded after the clock was set back',
      { forMs: 60_000 },
      [
        [9000, 'breach'],
        [9010, 'unknown'],
        [0, 'breach'],
        [60, 'breach'],
      ],
      'opened pending pending fired',
    ],
  ])('%s', (_name, timers, steps, expected) => {
    expect(walk(steps, timers)).toBe(expected);
  });
});

it.each<[string, Partial<LevelVerdict>, VerdictWord, string]>([
  ['for', { forMs: 60_000 }, 'breach', 'pending pending firing'],
  ['keepFiringFor', { keepFiringForMs: 60_000 }, 'clear', 'firing firing resolved'],
])('the clock of %s stands still while nobody looks', (_name, timers, word, expected) => {
  const judge = (alert: Alert | undefined, at: number, unjudgedSince?: number): Alert | undefined => {
    const verdict = { ...buildVerdict(buildLevel(word, timers)), unjudgedSince };
    return advance(alert, { identity, verdict, now: at * second }).alert;
  };
  const fired = advance(undefined, { identity, verdict: buildVerdict(buildLevel('breach', timers)), now: 0 }).alert;
  const before = judge(judge(fired, 1), 31);
  const after = judge(before, 9000, 31 * second);
  expect([before, after, judge(after, 9031)].map((alert) => alert?.state).join(' ')).toBe(expected);
});

/** Walks steps `[second, critical, warning]` and gives change or state with the severity. */
function walkLevels(steps: readonly (readonly [number, VerdictWord, VerdictWord])[], criticalForMs = 0): string {
  let alert: Alert | undefined;
  return steps
    .map(([at, critical, warning]) => {
      const verdict = buildVerdict(
        buildLevel(critical, { forMs: criticalForMs }),
        buildLevel(warning, { severity: 'warning' }),
      );
      const step = advance(alert, { identity, verdict, now: at * second });
      alert = step.alert;
      return `${step.change?.kind ?? alert?.state ?? '-'}:${alert?.severity ?? ''}`;
    })
    .join(' ');
}

function overWarning(critical: VerdictWord): RuleVerdict {
  return buildVerdict(buildLevel(critical), buildLevel('breach', { severity: 'warning' }));
}

describe('levels of one rule', () => {
  it.each<[string, number, readonly (readonly [number, VerdictWord, VerdictWord])[], string]>([
    ['speak with the highest', 0, [[0, 'breach', 'breach']], 'fired:critical'],
    [
      'escalate at once',
      0,
      [
        [0, 'clear', 'breach'],
        [30, 'breach', 'breach'],
      ],
      'fired:warning escalated:critical',
    ],
    [
      'escalate after the for of the higher',
      60_000,
      [
        [0, 'breach', 'breach'],
        [30, 'breach', 'breach'],
        [60, 'breach', 'breach'],
      ],
      'fired:warning firing:warning escalated:critical',
    ],
    [
      'calm down to the lower',
      0,
      [
        [0, 'breach', 'breach'],
        [30, 'clear', 'breach'],
        [60, 'clear', 'clear'],
      ],
      'fired:critical deescalated:warning resolved:warning',
    ],
    [
      'keep the higher while it is unknown',
      0,
      [
        [0, 'breach', 'breach'],
        [30, 'unknown', 'breach'],
        [60, 'unknown', 'clear'],
      ],
      'fired:critical firing:critical firing:critical',
    ],
  ])('%s', (_name, criticalForMs, steps, expected) => {
    expect(walkLevels(steps, criticalForMs)).toBe(expected);
  });

  it('drop a level that the policy no longer has', () => {
    const both = buildVerdict(buildLevel('breach'), buildLevel('breach', { severity: 'warning' }));
    const first = advance(undefined, { identity, verdict: both, now: 0 });
    const lower = buildVerdict(buildLevel('breach', { severity: 'warning' }));
    expect(advance(first.alert, { identity, verdict: lower, now: 1 }).change?.kind).toBe('deescalated');
  });

  it('say what the speaking level says, and keep the words while it is unknown', () => {
    const fired = advance(undefined, { identity, verdict: overWarning('breach'), now: 0 }).alert;
    const unknown = advance(fired, { identity, verdict: overWarning('unknown'), now: 1 }).alert;
    const calmer = advance(unknown, { identity, verdict: overWarning('clear'), now: 2 }).alert;
    expect([fired?.message, unknown?.message, calmer?.message]).toEqual([
      'critical breach',
      'critical breach',
      'warning breach',
    ]);
  });
});
