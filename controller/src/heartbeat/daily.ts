import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Problems } from '../problems.ts';

/** Does something once a day at a time of the day, local time of the process. */
export interface Daily {
  start(): void;
  stop(): Promise<void>;
}

export interface DailyDeps {
  /** Minutes after midnight. */
  readonly minuteOfDay: number;
  /** Rejects with why it could not be done; the next try is tomorrow. */
  readonly act: () => Promise<void>;
  readonly problems: Problems;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;
/** So much later it still is that day's: clocks skip an hour in spring. */
const LATEST_MS = 60 * MINUTE_MS;
const PROBLEM = 'daily-mail';

/**
 * Looks twice a minute, and acts when that time has passed since the last look, so that a clock that is set over it costs
 * nothing. A process that did not run at that time of the day, or was suspended for hours, leaves that day out: its
 * absence was the message.
 */
export function createDaily({ minuteOfDay, act, problems, clock }: DailyDeps): Daily {
  const stopping = new AbortController();
  let lookedAt = clock.now();
  let doneOn = '';
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = clock.now();
    const dueAt = new Date(now).setHours(0, minuteOfDay, 0, 0);
    const today = new Date(now).toDateString();
    const isDue = lookedAt < dueAt && dueAt <= now && now - dueAt < LATEST_MS && doneOn !== today;
    lookedAt = now;
    if (!isDue) return;
    doneOn = today;
    try {
      await act();
      problems.clear(PROBLEM);
    } catch (error) {
      problems.raise(PROBLEM, 'DailyMailFailed', `the daily mail could not be sent: ${errorMessage(error)}`);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      await clock.sleep(MINUTE_MS / 2, stopping.signal);
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
