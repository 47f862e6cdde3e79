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
const PROBLEM = 'daily-mail';

/**
 * Looks twice a minute, so that a clock that is set and a change of summer time cost a minute at most. A process that
 * did not run at that time of the day leaves that day out: its absence was the message.
 */
export function createDaily({ minuteOfDay, act, problems, clock }: DailyDeps): Daily {
  const stopping = new AbortController();
  let doneOn = '';
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = new Date(clock.now());
    const today = now.toDateString();
    if (now.getHours() * 60 + now.getMinutes() !== minuteOfDay || doneOn === today) return;
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
