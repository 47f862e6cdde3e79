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
    board.set('default/small', entry('small', 5));
    board.set('default/big', entry('big', 50));
    expect(board.on('local/webapp')).toEqual({ name: 'big', rate: 55 });
    expect(board.on('local/db')).toBeUndefined();
  });

  it('has none of a test that does not run, or is no more', () => {
    const board = createLoadBoard();
    board.set('default/web', entry('web', 5, false));
    expect(board.on('local/webapp')).toBeUndefined();
    expect(board.list()).toHaveLength(1);
    board.remove('default/web');
    expect(board.list()).toEqual([]);
  });
});
