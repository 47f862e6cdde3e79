/** Until the controller says its own. */
const HEARTBEAT_MS = 15_000;
const CHECK_EVERY_MS = 2000;
const RETRY_FIRST_MS = 1000;
const RETRY_MOST_MS = 15_000;

export interface SilenceWatch {
  heard(): void;
  /** The other side promises to say something this often. */
  expect(heartbeatMs: number): void;
  /** False when it runs already. */
  start(): boolean;
  stop(): void;
  look(): void;
}

/** A connection that says nothing for two heartbeats is dead, whatever the browser believes (laptop sleep). */
export function createSilenceWatch(now: () => number, dead: () => void): SilenceWatch {
  let heardAt = now();
  let heartbeatMs = HEARTBEAT_MS;
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = (): void => {
    if (timer !== undefined && now() - heardAt > 2 * heartbeatMs) dead();
  };
  return {
    heard() {
      heardAt = now();
    },
    expect(promisedMs) {
      heartbeatMs = promisedMs;
    },
    start() {
      if (timer !== undefined) return false;
      timer = setInterval(look, CHECK_EVERY_MS);
      return true;
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
    look,
  };
}

export interface Retry {
  plan(): void;
  /** Nothing is planned, and the next wait is short again. */
  reset(): void;
}

/** One attempt at a time, twice as late each time. */
export function createRetry(attempt: () => void): Retry {
  let waitMs = RETRY_FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    plan() {
      clearTimeout(timer);
      timer = setTimeout(attempt, waitMs);
      waitMs = Math.min(RETRY_MOST_MS, waitMs * 2);
    },
    reset() {
      clearTimeout(timer);
      waitMs = RETRY_FIRST_MS;
    },
  };
}
