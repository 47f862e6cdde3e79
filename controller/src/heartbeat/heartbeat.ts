import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Problems } from '../problems.ts';

/** Calls the address once. Rejects with what went wrong; ends by its own deadline. */
export type Ping = () => Promise<void>;

/** A dead man's switch: whoever waits for the call raises the alarm when it stays away. */
export interface Heartbeat {
  start(): void;
  stop(): Promise<void>;
}

export interface HeartbeatDeps {
  readonly ping: Ping;
  /** When a tick last ended well; undefined before the first. */
  readonly lastHealthyTickAt: () => number | undefined;
  readonly problems: Problems;
  readonly clock: Clock;
}

/** As services for this expect it at the finest. */
export const BEAT_EVERY_MS = 60_000;
/** A tick is due each second, and may wait for slow hosts; past this the controller is not well, and is silent. */
const HEALTHY_FOR_MS = 60_000;
const PROBLEM = 'heartbeat';

/** Calls once a minute while ticks end well; a call that fails is a problem and nothing more. */
export function createHeartbeat({ ping, lastHealthyTickAt, problems, clock }: HeartbeatDeps): Heartbeat {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function beat(): Promise<void> {
    const at = lastHealthyTickAt();
    const ageMs = at === undefined ? Number.POSITIVE_INFINITY : Math.abs(clock.now() - at);
    if (ageMs > HEALTHY_FOR_MS) return;
    try {
      await ping();
      problems.clear(PROBLEM);
    } catch (error) {
      const message = `HEARTBEAT_URL could not be called, so whoever waits for it may raise an alarm: ${errorMessage(error)}`;
      problems.raise(PROBLEM, 'HeartbeatFailed', message);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(lastHealthyTickAt() === undefined ? FIRST_LOOK_MS : BEAT_EVERY_MS, stopping.signal);
      await beat();
    }
  }

  return {
    start() {
      running ??= run().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Before the first tick has ended. */
const FIRST_LOOK_MS = 5000;
