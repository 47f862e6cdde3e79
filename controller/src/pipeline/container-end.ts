import type { Alert } from '../model/alert.ts';
import type { ContainerEnd } from '../model/notification.ts';
import type { Change, ContainerObservation, Observation } from '../model/observation.ts';

/** Changes a little before the first breach belong to it: a look comes after what it sees. */
const BEFORE_BREACH_MS = 60_000;

/** Why a container does not run, or not well, as far as one look can tell; undefined for one that is well. */
export function containerEnd(alert: Alert, latest: Observation | undefined): ContainerEnd | undefined {
  if (latest === undefined || latest.kind === 'unreachable') return undefined;
  const since = Math.min(alert.pendingSince, latest.finishedAt ?? Number.POSITIVE_INFINITY) - BEFORE_BREACH_MS;
  const changes = latest.changes.filter(({ at }) => at >= since);
  const cause = causeOf(latest, changes);
  if (cause === undefined) return undefined;
  const exitCode = changes.findLast((change) => change.exitCode !== undefined)?.exitCode;
  return {
    cause,
    exitCode: latest.state === 'running' ? exitCode : (latest.exitCode ?? exitCode),
    oomKilled: changes.some(({ kind }) => kind === 'oomKilled'),
    restarts: latest.restarts,
  };
}

function causeOf(latest: ContainerObservation, changes: readonly Change[]): string | undefined {
  switch (latest.state) {
    case 'running':
      return causeWhileRunning(latest, changes);
    case 'exited':
    case 'dead':
      return causeOfEnd(latest);
    case 'restarting':
      return 'it crashes and is started again and again';
    case 'missing':
      return 'there is no such container';
    case 'created':
      return 'it was created, and has not been started';
    case 'paused':
      return 'somebody paused it';
    default:
      return latest.state satisfies never;
  }
}

function causeWhileRunning({ health }: ContainerObservation, changes: readonly Change[]): string | undefined {
  if (changes.some(({ kind }) => kind === 'crashed')) return 'it crashed, and was started again';
  if (changes.some(({ kind }) => kind === 'oomKilled')) return 'a process in it was killed for lack of memory';
  return health === 'unhealthy' ? 'its health check fails' : undefined;
}

/** An exit code alone says nothing: 137 is a crash, a kill or a stop that took too long. */
function causeOfEnd({ stopRequestedAt, exitCode }: ContainerObservation): string {
  if (stopRequestedAt !== undefined) return 'stopped on request, and not started again';
  return exitCode === 0 ? 'it ended by itself, without an error' : 'crashed: it ended without being asked to';
}
