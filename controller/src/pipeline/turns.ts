import { setImmediate } from 'node:timers/promises';
import { startStopwatch } from '../clock.ts';
import type { Seen } from './look.ts';
import { SLICE_SIZE } from './slices.ts';

/** Lets the rest of the process have its turn; not where there is little to do, which then is done in one go. */
export async function breathe(seen: readonly Seen[]): Promise<void> {
  if (seen.some(({ observations }) => observations.length > SLICE_SIZE)) await setImmediate();
}

/** One piece of work at a time, in the order in which they came. */
export interface Turns {
  /** Some work has not ended. */
  areWaited(): boolean;
  run(work: () => Promise<void>): Promise<void>;
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  let waited = 0;
  return {
    areWaited: () => waited > 0,
    async run(work) {
      waited += 1;
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      try {
        await before;
        await work();
      } finally {
        waited -= 1;
        resolve();
      }
    },
  };
}

/** Steps, and the time that they took without the pauses between them. */
export function stopwatched<T>(all: Generator<T>): { readonly steps: Iterable<T>; seconds(): number } {
  let elapsedMs = 0;
  function* steps(): Generator<T> {
    for (;;) {
      const stepMs = startStopwatch();
      const step = all.next();
      elapsedMs += stepMs();
      if (step.done === true) return;
      yield step.value;
    }
  }
  return { steps: steps(), seconds: () => elapsedMs / 1000 };
}
