import { describe, expect, it } from 'vitest';
import type { LiveChange, ScreenRow } from '../../answers/live.ts';
import { alert, row, state, view } from '../overview/builders.ts';
import { applyUpdates } from './live-view.ts';

const change = (data: Partial<LiveChange>) => ({ kind: 'change', data: { at: 2, ...data } }) as const;
const screenRow = (id: string): ScreenRow => ({
  id,
  cpuPercent: 1,
  memoryPercent: 1,
  memoryBytes: 1,
  latencySeconds: null,
  seenAt: 2,
  memoryLimitBytes: null,
  databaseLatencySeconds: null,
  databaseValue: null,
  cpuHistory: [1, 2],
  memoryHistory: [],
  latencyHistory: [],
  cpuThreshold: 80,
  memoryThreshold: null,
});

describe('applyUpdates', () => {
  it('takes rows in, over and out, and leaves the others what they were', () => {
    const before = view({ rows: [row({ name: 'a' }), row({ name: 'b' }), row({ name: 'c' })] });
    const after = applyUpdates(before, [
      change({ rows: [row({ name: 'b', state: 'exited' }), row({ name: 'd' })], removed: ['local/c'] }),
    ]);
    expect([...(after?.rows.keys() ?? [])]).toEqual(['local/a', 'local/b', 'local/d']);
    expect(after?.rows.get('local/b')?.state).toBe('exited');
    expect(after?.rows.get('local/a')).toBe(before.rows.get('local/a'));
  });

  it('lays readings over their row, and forgets those of a row that it does not know', () => {
    const { id, seenAt, memoryBytes, memoryPercent, latencySeconds } = row({ name: 'a' });
    const reading = { id, seenAt, memoryBytes, memoryPercent, latencySeconds, cpuPercent: 42 };
    const before = view({ rows: [row({ name: 'a' })] });
    const after = applyUpdates(before, [change({ readings: [reading, { ...reading, id: 'local/gone' }] })]);
    expect(after?.rows.get('local/a')).toMatchObject({ name: 'a', cpuPercent: 42 });
    expect(after?.rows.size).toBe(1);
  });

  it('keeps the rows when only a section changed', () => {
    const before = view({ rows: [row()] });
    const after = applyUpdates(before, [change({ alerts: [alert()] })]);
    expect(after?.rows).toBe(before.rows);
    expect(after?.alerts).toHaveLength(1);
  });

  it('says nothing before a state has come', () => {
    expect(applyUpdates(undefined, [change({ rows: [row()] })])).toBeUndefined();
  });

  it('replaces all with a new state, but keeps the sparklines of what is still there', () => {
    const screen = { at: 2, rows: [screenRow('local/a'), screenRow('local/b')], metricsLines: ['line'] };
    const before = applyUpdates(view({ rows: [row({ name: 'a' }), row({ name: 'b' })] }), [
      { kind: 'screen', data: screen },
    ]);
    const after = applyUpdates(before, [{ kind: 'state', data: state({ at: 9, rows: [row({ name: 'b' })] }) }]);
    expect(after).toMatchObject({ at: 9, metricsLines: ['line'] });
    expect([...(after?.screen.keys() ?? [])]).toEqual(['local/b']);
  });

  it('remembers the sparklines of a bounded number of rows', () => {
    const rows = Array.from({ length: 700 }, (_, index) => screenRow(`local/${index}`));
    const after = applyUpdates(view(), [{ kind: 'screen', data: { at: 2, rows } }]);
    expect(after?.screen.size).toBe(600);
    expect(after?.screen.has('local/699')).toBe(true);
  });
});
