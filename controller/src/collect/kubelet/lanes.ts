import pLimit from 'p-limit';
import type { Clock } from '../../clock.ts';

/** Calls under way at a time; and of nodes that were slow lately, so that many of them do not hold up the others. */
export const MAX_CALLS = 64;
export const MAX_SLOW_CALLS = 16;

export interface LanesDeps {
  readonly clock: Clock;
  readonly calls: number;
  readonly slowCalls: number;
  /** A call that takes longer makes its node a slow one, until one is quick again. */
  readonly slowMs: number;
}

/**
 * Makes each call in its turn, those of the slow in turns of their own; `node` stands for a node as long as it is there.
 * `begun` is called when the turn has come, of a slow one at once: nobody waits for the slow any longer than for others.
 */
export type Lanes = <T>(node: object, call: () => Promise<T>, begun: () => void) => Promise<T>;

export function createLanes({ clock, calls, slowCalls, slowMs }: LanesDeps): Lanes {
  const usual = pLimit(calls);
  const patient = pLimit(slowCalls);
  const slow = new WeakSet();

  async function timed<T>(node: object, call: () => Promise<T>): Promise<T> {
    const begunAt = clock.now();
    try {
      return await call();
    } finally {
      if (clock.now() - begunAt >= slowMs) slow.add(node);
      else slow.delete(node);
    }
  }

  return (node, call, begun) => {
    if (!slow.has(node)) {
      return usual(() => {
        begun();
        return timed(node, call);
      });
    }
    begun();
    return patient(() => timed(node, call));
  };
}
