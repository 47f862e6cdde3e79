import { Cron } from 'croner';
import { errorMessage } from '../errors.ts';

/** A run that is due this long and was not begun (the controller was away) is left out: load at another hour is no favour. */
export const STARTING_DEADLINE_MS = 300_000;
/** Runs that are counted when the controller was away. */
const MAX_MISSED = 1000;

export interface Due {
  /** Time of the run that is due now, if one is. */
  readonly dueAt?: number | undefined;
  /** Runs since the last one that will not be made up for. */
  readonly missed: number;
  /** Absent for a schedule that never comes again. */
  readonly nextAt?: number | undefined;
}

/**
 * What a schedule asks for now. Of several runs that were missed the latest counts, when it is not too old.
 * @param since time of the last run that was due, or of the object's creation
 */
export function scheduleDue(
  schedule: { readonly pattern: string; readonly timeZone?: string | undefined },
  since: number,
  now: number,
): Due {
  const cron = cronOf(schedule);
  let at = cron.nextRun(new Date(since))?.getTime();
  let passed = 0;
  let latest: number | undefined;
  while (at !== undefined && at <= now && passed < MAX_MISSED) {
    latest = at;
    passed += 1;
    at = cron.nextRun(new Date(at))?.getTime();
  }
  if (passed === MAX_MISSED) at = cron.nextRun(new Date(now))?.getTime();
  const isDue = latest !== undefined && now - latest <= STARTING_DEADLINE_MS;
  return { dueAt: isDue ? latest : undefined, missed: passed - (isDue ? 1 : 0), nextAt: at };
}

/** What is wrong with a schedule, for people; undefined when nothing is. */
export function scheduleFault(schedule: {
  readonly pattern: string;
  readonly timeZone?: string | undefined;
}): string | undefined {
  try {
    return cronOf(schedule).nextRun(new Date(0)) === null ? 'never comes' : undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

/** Without a time zone it is UTC, wherever the controller runs. */
function cronOf({ pattern, timeZone }: { readonly pattern: string; readonly timeZone?: string | undefined }): Cron {
  return new Cron(pattern, { timezone: timeZone ?? 'UTC', mode: '5-part', paused: true });
}
