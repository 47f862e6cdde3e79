/** Waits between tries of a connection: as client-go's reflector, with full jitter. */
const FIRST_MS = 800;
const MAX_MS = 30_000;
/** A connection that lasted so long was well, and the next failure starts over. */
const RESET_AFTER_MS = 120_000;

export interface Backoff {
  /** How long to wait before the next try. `random` is from 0 to 1. */
  next(nowMs: number, random: number): number;
}

export function createBackoff(): Backoff {
  let tries = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    next(nowMs, random) {
      if (nowMs - lastAt > RESET_AFTER_MS) tries = 0;
      lastAt = nowMs;
      const ceiling = Math.min(FIRST_MS * 2 ** tries, MAX_MS);
      tries += 1;
      return Math.ceil(ceiling * (0.5 + random / 2));
    },
  };
}
