import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;

/**
 * Looks again and again until there is something to see. What a look throws counts as nothing seen yet.
 * @throws Error after `timeoutMs`, with what was waited for and the last fault
 */
export async function until<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let fault: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
      fault = undefined;
    } catch (error) {
      fault = error;
    }
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: fault });
    await sleep(LOOK_EVERY_MS);
  }
}

/** Something that must stay as it is: looks until `durationMs` have passed, and fails at the first look that throws. */
export async function throughout(durationMs: number, look: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + durationMs;
  do {
    await look();
    await sleep(LOOK_EVERY_MS);
  } while (performance.now() < deadline);
}
