import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveRow } from '../../answers/live.ts';
import {
  arrange,
  nextSort,
  readSort,
  severityOrder,
  sortText,
  totalsOf,
  type Line,
  type SortOrder,
} from './arrange.ts';
import { row } from './builders.ts';
import { createOrdering } from './ordering.ts';

const names = (rows: readonly LiveRow[]): readonly string[] => rows.map(({ name }) => name);

function shape(lines: readonly Line[]): readonly string[] {
  return lines.map((line) =>
    line.kind === 'row' ? line.row.name : `[${line.group.key}${line.group.isCollapsed ? ' +' : ''}]`,
  );
}

function byId(...rows: readonly LiveRow[]): ReadonlyMap<string, LiveRow> {
  return new Map(rows.map((one) => [one.id, one]));
}

function sorted(rows: readonly LiveRow[], order: SortOrder): readonly LiveRow[] {
  return createOrdering()(byId(...rows), order);
}

describe('the order', () => {
  const rows = [
    row({ name: 'web-10', cpuPercent: 5, restarts: 0 }),
    row({ name: 'web-9', cpuPercent: null, restarts: 3, state: 'exited' }),
    row({ name: 'db', cpuPercent: 50, severity: 'warning' }),
    row({ name: 'api', cpuPercent: 7, severity: 'critical', startedAt: 9 }),
    row({ name: 'cache', cpuPercent: 7, severity: 'critical', state: 'exited' }),
  ];

  it.each([
    [undefined, ['cache', 'api', 'db', 'web-9', 'web-10']],
    ['-severity', ['web-10', 'web-9', 'db', 'api', 'cache']],
    ['name', ['api', 'cache', 'db', 'web-9', 'web-10']],
    ['-name', ['web-10', 'web-9', 'db', 'cache', 'api']],
    ['-cpu', ['db', 'api', 'cache', 'web-10', 'web-9']],
    ['cpu', ['web-10', 'api', 'cache', 'db', 'web-9']],
    ['-restarts', ['web-9', 'api', 'cache', 'db', 'web-10']],
    ['up', ['api', 'db', 'web-10', 'cache', 'web-9']],
    ['nonsense', ['cache', 'api', 'db', 'web-9', 'web-10']],
  ])('by %s', (text, expected) => {
    expect(names(sorted(rows, readSort(text)))).toEqual(expected);
  });

  it('keeps the places while it is asked to, until another order is wanted; what is new comes last', () => {
    const ordering = createOrdering();
    const byCpu = readSort('-cpu');
    ordering(byId(...rows), byCpu);
    const changed = rows.map((one) => (one.name === 'web-10' ? { ...one, cpuPercent: 99 } : one));
    const more = byId(...changed.filter(({ name }) => name !== 'api'), row({ name: 'new', cpuPercent: 70 }));
    expect(names(ordering(more, byCpu, true))).toEqual(['db', 'cache', 'web-10', 'web-9', 'new']);
    expect(names(ordering(more, readSort('name'), true))).toEqual(['cache', 'db', 'new', 'web-9', 'web-10']);
    expect(names(ordering(more, byCpu))).toEqual(['web-10', 'new', 'db', 'cache', 'web-9']);
  });

  it('does not depend on the order that it starts from', () => {
    const some = fc.record({
      name: fc.stringMatching(/^[a-c]{1,2}\d{0,3}$/),
      severity: fc.constantFrom(...severityOrder),
      cpuPercent: fc.option(fc.integer({ min: 0, max: 3 })),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(some, { selector: ({ name }) => name }),
        fc.constantFrom('cpu', '-cpu', ''),
        (all, sort) => {
          const made = all.map(row);
          const order = readSort(sort);
          expect(sorted(made.toReversed(), order)).toEqual(sorted(made, order));
        },
      ),
    );
  });

  it('keeps its order while rows come, change and go', () => {
    const ordering = createOrdering();
    const order = readSort('name');
    expect(names(ordering(byId(row({ name: 'b' }), row({ name: 'a' })), order))).toEqual(['a', 'b']);
    const after = ordering(byId(row({ name: 'c' }), row({ name: 'b', cpuPercent: 9 }), row({ name: '0' })), order);
    expect(names(after)).toEqual(['0', 'b', 'c']);
    expect(after[1]?.cpuPercent).toBe(9);
  });
});

describe('the order in the address', () => {
  it('is left out when it is worst first', () => {
    expect(sortText(readSort(undefined))).toBeUndefined();
    expect(sortText(readSort('-memory'))).toBe('-memory');
  });

  it('turns round with a second click; numbers start at the highest', () => {
    const first = nextSort(readSort(undefined), 'cpu');
    expect(sortText(first)).toBe('-cpu');
    expect(sortText(nextSort(first, 'cpu'))).toBe('cpu');
    expect(sortText(nextSort(first, 'name'))).toBe('name');
  });
});

describe('arrange', () => {
  const rows = [
    row({ name: 'b-db', host: 'nas', namespace: 'b', severity: 'critical' }),
    row({ name: 'a-web', namespace: 'a' }),
    row({ name: 'b-web', host: 'nas', namespace: 'b' }),
    row({ name: 'lone' }),
  ];

  it('puts the group of the first row first', () => {
    expect(shape(arrange(rows, new Set(), true))).toEqual([
      '[nas/b]',
      'b-db',
      'b-web',
      '[local/a]',
      'a-web',
      '[local/]',
      'lone',
    ]);
  });

  it('folds groups away, and counts what is in them all the same', () => {
    const lines = arrange(rows, new Set(['nas/b']), true);
    expect(shape(lines).slice(0, 2)).toEqual(['[nas/b +]', '[local/a]']);
    expect(lines[0]).toMatchObject({ group: { totals: { containers: 2, up: 2, bySeverity: { critical: 1, ok: 1 } } } });
  });

  it('is a plain list without groups', () => {
    expect(shape(arrange(rows, new Set(['nas/b']), false))).toEqual(names(rows));
  });
});

it('counts what is up and what is how bad', () => {
  const rows = [row({ name: 'a' }), row({ name: 'b', state: 'exited', severity: 'critical' })];
  expect(totalsOf(rows)).toMatchObject({ containers: 2, up: 1, bySeverity: { ok: 1, critical: 1, warning: 0 } });
});
