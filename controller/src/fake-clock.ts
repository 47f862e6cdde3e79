import type { SteadyClock } from './clock.ts';

export interface FakeClock extends SteadyClock {
  /** Moves time on, waking sleepers in order of their time. */
  advance(ms: number): Promise<void>;
  /** Jumps as a stepped system clock does: no sleeper wakes for it. */
  jump(ms: number): void;
}

/** A clock for tests: stands still until it is moved. */
export function createFakeClock(startMs: number = Date.UTC(2026, 0, 13, 10, 0, 0)): FakeClock {
  let elapsedMs = 0;
  let startedAt = startMs;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => startedAt + elapsedMs,
    monotonic: () => elapsedMs,
    jump: (ms) => {
      startedAt += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(new Error('aborted', { cause: signal.reason }));
          return;
        }
        const sleeper = { at: elapsedMs + ms, wake: resolve };
        sleepers.push(sleeper);
        signal.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(new Error('aborted', { cause: signal.reason }));
        });
      }),
    advance: async (ms) => {
      const end = elapsedMs + ms;
      for (;;) {
        await settle();
        const next = sleepers.filter((s) => s.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        sleepers = sleepers.filter((s) => s !== next);
        elapsedMs = Math.max(elapsedMs, next.at);
        next.wake();
      }
      elapsedMs = end;
      await settle();
    },
  };
}

/** Lets everything that can run without time passing run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
