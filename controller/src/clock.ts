/** The only source of time. Everything that waits takes one, so that tests move it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A clock that measures, too: stepping the system clock does not show in it. */
export interface SteadyClock extends Clock {
  /** Milliseconds since some moment; they go on while the process stands still. */
  monotonic(): number;
}

export const systemClock: SteadyClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(abortReason(signal));
        return;
      }
      const timer = setTimeout(finish, ms);
      signal.addEventListener('abort', cancel, { once: true });
      function finish(): void {
        signal.removeEventListener('abort', cancel);
        resolve();
      }
      function cancel(): void {
        clearTimeout(timer);
        reject(abortReason(signal));
      }
    }),
};

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
}

/**
 * Starts to measure; the function returned gives the milliseconds since, with a resolution of microseconds.
 * Monotonic, since the system clock of `Clock` may be stepped, and whole milliseconds are too coarse for a local database.
 */
export function startStopwatch(): () => number {
  const startedAt = performance.now();
  return () => performance.now() - startedAt;
}
