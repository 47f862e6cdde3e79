import { describe, expect, it } from 'vitest';
import { alert, row, view } from './builders.ts';
import { isAllWell } from './all-well.tsx';
import { firingAlerts } from './firing-alerts.tsx';
import { nextStop } from './next-stop.ts';
import { alertWord, level, stateKind, stateWord } from './words.ts';

it.each([
  [{ state: 'running', health: 'none' }, 'UP', 'ok'],
  [{ state: 'running', health: 'unhealthy' }, 'UP unhealthy', 'warning'],
  [{ state: 'running', health: 'starting' }, 'UP starting', 'ok'],
  [{ state: 'exited', health: 'none' }, 'DOWN exited', 'critical'],
  [{ state: 'unreachable', health: 'none' }, 'UNKNOWN', 'unknown'],
])('%o is %s', (changes, word, kind) => {
  expect([stateWord(changes), stateKind(changes)]).toEqual([word, kind]);
});

it.each([
  [{ firing: 0, pending: 0, quiet: 0 }, undefined],
  [{ firing: 0, pending: 1, quiet: 0 }, 'pending'],
  [{ firing: 1, pending: 0, quiet: 0 }, 'critical'],
  [{ firing: 3, pending: 1, quiet: 1 }, 'critical ×3'],
  [{ firing: 1, pending: 0, quiet: 1 }, 'critical, quiet'],
])('alerts %o are called %s', (alerts, word) => {
  expect(alertWord(row({ severity: 'critical', alerts }))).toBe(word);
});

it.each([
  [null, null, 'unknown'],
  [10, null, 'ok'],
  [70, null, 'warning'],
  [81, null, 'critical'],
  [45, 50, 'warning'],
  [51, 50, 'critical'],
  [81, 95, 'warning'],
])('%s percent under a line at %s is %s', (value, threshold, expected) => {
  expect(level(value, threshold)).toBe(expected);
});

describe('all is well', () => {
  it.each([
    ['containers run and nothing fires', { rows: [row()] }, true],
    ['there is no container', {}, false],
    ['one is down', { rows: [row({ state: 'exited' })] }, false],
    ['an alert fires', { rows: [row()], alerts: [alert()] }, false],
    ['an alert has ended', { rows: [row()], alerts: [alert({ state: 'resolved' })] }, true],
    [
      'the controller has a problem',
      { rows: [row()], problems: [{ key: 'k', reason: 'R', message: 'm', since: 0 }] },
      false,
    ],
  ])('when %s: %s', (_case, changes, expected) => {
    expect(isAllWell(view(changes))).toBe(expected);
  });
});

it('shows alerts that nobody knows of before those that are silenced, explained or acknowledged', () => {
  const loud = alert({ key: 'loud', severity: 'warning' });
  const quiet = [
    alert({ key: 'a', silencedBy: 's' }),
    alert({ key: 'b', inhibitedBy: 'i' }),
    alert({ key: 'c', acknowledgedBy: 'p' }),
  ];
  const shown = firingAlerts([...quiet, loud, alert({ key: 'p', state: 'pending' })]);
  expect(shown.map(({ key }) => key)).toEqual(['loud', 'a', 'b', 'c']);
});

it.each([
  [undefined, 1, 'a'],
  [undefined, -1, 'a'],
  ['gone', 1, 'a'],
  ['a', 1, 'b'],
  ['c', 1, 'c'],
  ['a', -1, 'a'],
] as const)('from %s a step of %s goes to %s', (present, step, expected) => {
  expect(nextStop(['a', 'b', 'c'], present, step)).toBe(expected);
});
