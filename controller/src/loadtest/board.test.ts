import { describe, expect, it } from 'vitest';
import { createLoadBoard, type BoardEntry } from './board.ts';

function entry(name: string, rate: number, running = true): BoardEntry {
  const summary = { requests: 1, rate, errors: 0, errorRate: 0, late: 0 };
  return {
    snapshot: {
      namespace: 'default',
      name,
      phase: running ? 'running' : 'finished',
      running,
      elapsedSeconds: 1,
      durationSeconds: 10,
      summary,
    },
    targetIds: ['local/webapp'],
  };
}

describe('the board of load tests', () => {
  it('has the load on a container: the sum, under the name of the strongest', () => {
    const board = createLoadBoard();
    board.set('default/small', entry('small', 5), 0);
    board.set('default/big', entry('big', 50), 0);
    expect(board.on('local/webapp')).toEqual({ name: 'big', rate: 55 });
    expect(board.on('local/db')).toBeUndefined();
  });

  it('has none of a test that does not run, or is no more', () => {
    const board = createLoadBoard();
    board.set('default/web', entry('web', 5, false), 0);
    expect(board.on('local/webapp')).toBeUndefined();
    expect(board.list()).toHaveLength(1);
    board.remove('default/web');
    expect(board.list()).toEqual([]);
  });

  it('remembers what was measured in the last run, each moment once', () => {
    const board = createLoadBoard();
    const at = (seconds: number, rate: number): BoardEntry => {
      const { snapshot, ...rest } = entry('web', rate);
      return { ...rest, snapshot: { ...snapshot, elapsedSeconds: seconds } };
    };
    board.set('default/web', at(1, 5), 1000);
    board.set('default/web', at(1, 5), 1500);
    board.set('default/web', at(2, 7), 2000);
    board.set('default/web', entry('web', 6, false), 3000);
    expect(board.series('default/web').map(({ at: time, rate }) => [time, rate])).toEqual([
      [1000, 5],
      [2000, 7],
    ]);
    board.set('default/web', at(1, 9), 9000);
    expect(board.series('default/web')).toHaveLength(1);
    board.set('default/web', { ...at(2, 9), series: [{ at: 9000, rate: 8, errors: 1 }] }, 9500);
    expect(board.series('default/web')).toEqual([{ at: 9000, rate: 8, errors: 1 }]);
    expect(board.series('default/other')).toEqual([]);
  });
});
