import { endReasons, type EndReason, type Ending, type RunRecord } from '../model/load-run.ts';
import type { LoadTestStatus, LoadTestStatusCondition } from '../model/resources.generated.ts';

/** What the status remembers of a run: the times, and where it is by the reason of Ready. */
export function recordFromStatus(status: LoadTestStatus, now: number): RunRecord {
  const { lastHandledRerun: rerun } = status;
  const ready = conditionOf(status, 'Ready');
  const startedAt = timeOf(status.startTime);
  const ending = endingOf(ready);
  if (ending !== undefined && conditionOf(status, 'Complete')?.status === 'True') {
    return { phase: 'finished', startedAt, completedAt: timeOf(status.completionTime) ?? now, ending, rerun };
  }
  if (startedAt === undefined) {
    return { phase: 'pending', since: transitionOf(status, 'Reconciling') ?? now, held: ending, rerun };
  }
  if (ending === undefined) return { phase: phaseOf(ready?.reason), startedAt, rerun };
  return { phase: 'stopping', startedAt, stoppingAt: transitionOf(status, 'Ready') ?? now, ending, rerun };
}

function transitionOf(status: LoadTestStatus, type: string): number | undefined {
  return timeOf(conditionOf(status, type)?.lastTransitionTime);
}

/** Reasons of Ready while it goes on. */
export const activeReasons = { launching: 'Pending', waiting: 'WaitingForGenerators', running: 'Running' } as const;

function phaseOf(reason: string | undefined): 'launching' | 'waiting' | 'running' {
  if (reason === activeReasons.running) return 'running';
  return reason === activeReasons.waiting ? 'waiting' : 'launching';
}

function endingOf(ready: LoadTestStatusCondition | undefined): Ending | undefined {
  const reason = endReasons.find((known: EndReason) => known === ready?.reason);
  return reason === undefined || ready === undefined ? undefined : { reason, message: ready.message };
}

export function conditionOf(status: LoadTestStatus | undefined, type: string): LoadTestStatusCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
}
