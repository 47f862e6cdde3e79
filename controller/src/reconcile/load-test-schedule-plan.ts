import { formatDuration } from '../model/duration.ts';
import type { LoadTestSpec } from '../model/resources.generated.ts';
import type { Due } from './load-test-cron.ts';
import type { LoadTestEvent } from './load-test-events.ts';

/** Name of the scheduled test whose run this is. */
export const SCHEDULED_BY_LABEL = 'foghorn.dev/scheduled-by';

export interface ScheduledRun {
  readonly name: string;
  readonly createdAt: number;
  /** Whose turn it is; undefined when that cannot be read. */
  readonly scheduledAt: number | undefined;
  readonly isOver: boolean;
  readonly hasSucceeded: boolean;
}

export interface SchedulePlan {
  /** Time of the run to be created. */
  readonly startAt?: number | undefined;
  /** Names of runs to be deleted. */
  readonly remove: readonly string[];
  /** Up to when the schedule has been dealt with. */
  readonly handledAt?: number | undefined;
  readonly nextAt?: number | undefined;
  readonly events: readonly LoadTestEvent[];
  readonly reason: 'Scheduled' | 'Suspended';
  readonly words: string;
}

/** As CronJob has them. */
const DEFAULT_SUCCESSFUL_KEPT = 3;
const DEFAULT_FAILED_KEPT = 1;

export interface ScheduleFacts {
  readonly spec: LoadTestSpec;
  readonly runs: readonly ScheduledRun[];
  readonly due: Due;
  /** A request for a run out of turn. */
  readonly rerun: string | undefined;
  readonly now: number;
}

/** What is to be done for a schedule now: pure, and the same again when it was not carried through. */
export function planSchedule(facts: ScheduleFacts): SchedulePlan {
  const { spec, runs, due, rerun, now } = facts;
  const handledAt = due.dueAt ?? (due.missed > 0 ? now : undefined);
  const kept = { remove: surplus(spec, runs), nextAt: due.nextAt, handledAt };
  if (spec.suspend) return { ...kept, events: [], reason: 'Suspended', words: 'no run is started' };
  const words = due.nextAt === undefined ? 'no further run' : `next run at ${new Date(due.nextAt).toISOString()}`;
  const missed = due.missed === 0 ? [] : [missedEvent(due.missed)];
  const base: SchedulePlan = { ...kept, reason: 'Scheduled', words, events: missed };
  const wantedAt = due.dueAt ?? (rerun === undefined ? undefined : now);
  // created by a pass that was cut off before it could note it
  const isThere = runs.some(({ scheduledAt }) => scheduledAt === wantedAt);
  return wantedAt === undefined || isThere ? base : planRun(facts, base, wantedAt);
}

function planRun({ spec, runs, now }: ScheduleFacts, base: SchedulePlan, wantedAt: number): SchedulePlan {
  const active = runs.filter(({ isOver }) => !isOver);
  const policy = spec.concurrencyPolicy ?? 'Forbid';
  if (active.length > 0 && policy === 'Forbid') {
    const ageMs = now - Math.max(...active.map(({ createdAt }) => createdAt));
    const message = `left out: the run before has been going on for ${formatDuration(ageMs)}`;
    return { ...base, events: [...base.events, { type: 'Warning', reason: 'RunLeftOut', message }] };
  }
  const replaced = policy === 'Replace' ? active.map(({ name }) => name) : [];
  const message = `run of ${new Date(wantedAt).toISOString()}`;
  const events: readonly LoadTestEvent[] = [...base.events, { type: 'Normal', reason: 'RunStarted', message }];
  return { ...base, startAt: wantedAt, remove: [...base.remove, ...replaced], events };
}

function missedEvent(missed: number): LoadTestEvent {
  const message = `${missed} runs were due while nobody could start them; they are not made up for`;
  return { type: 'Warning', reason: 'RunsMissed', message };
}

/** The oldest of those that are over, past what is kept. */
function surplus(spec: LoadTestSpec, runs: readonly ScheduledRun[]): readonly string[] {
  const over = runs.filter(({ isOver }) => isOver).toSorted((a, b) => b.createdAt - a.createdAt);
  const good = over.filter(({ hasSucceeded }) => hasSucceeded);
  const bad = over.filter(({ hasSucceeded }) => !hasSucceeded);
  return [
    ...good.slice(spec.successfulRunsHistoryLimit ?? DEFAULT_SUCCESSFUL_KEPT),
    ...bad.slice(spec.failedRunsHistoryLimit ?? DEFAULT_FAILED_KEPT),
  ].map(({ name }) => name);
}
