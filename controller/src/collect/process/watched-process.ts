import { errorMessage } from '../../errors.ts';
import type { Container } from '../../model/container.ts';
import { MAX_CHANGES, type Change, type Observation, type UnreachableObservation } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import { advanceLife, sight, unseenLife, type Life } from './life.ts';
import { isForbidden, readPidFile, type ProcFiles } from './proc-files.ts';
import type { TreeUsage } from './tree-usage.ts';

export interface WatchedProcessDeps {
  readonly host: string;
  readonly name: string;
  readonly pidFile: string;
  readonly files: ProcFiles;
}

/** One target, and what is kept of it between looks. */
export interface WatchedProcess {
  readonly id: string;
  target(): Target;
  container(): Container;
  /** Sees whether it runs; true when that is another state or another run than before. */
  look(bootedAt: number, now: number): boolean;
  /** What the last look saw, with what its processes use. */
  observe(usage: TreeUsage, now: number): Observation;
}

type Fault = Pick<UnreachableObservation, 'reason' | 'message'>;

export function createWatchedProcess({ host, name, pidFile, files }: WatchedProcessDeps): WatchedProcess {
  const id = `${host}/${name}`;
  let life: Life = unseenLife;
  let changes: readonly Change[] = [];
  let fault: Fault | undefined;

  function target(): Target {
    return { id, instance: runKey(life), host, name, namespace: '', labels: {}, image: '', limits: {} };
  }

  return {
    id,
    target,
    container: () => {
      const { state, run, finishedAt, restarts } = life;
      const times = { startedAt: run?.startedAt, finishedAt };
      return { target: target(), state, health: 'none', ...times, restarts, oomKilled: false };
    },
    look(bootedAt, now) {
      try {
        const step = advanceLife(life, sight(readPidFile(pidFile), life.run, { bootedAt, find: files.process }), now);
        const isNews = step.life.state !== life.state || step.changes.length > 0;
        ({ life } = step);
        changes = [...changes, ...step.changes].slice(-MAX_CHANGES);
        fault = undefined;
        return isNews;
      } catch (error) {
        fault = { reason: isForbidden(error) ? 'PermissionDenied' : 'BadAnswer', message: errorMessage(error) };
        return false;
      }
    },
    observe(usage, now) {
      if (fault !== undefined) return { kind: 'unreachable', at: now, target: target(), ...fault, probes: {} };
      const { state, run, finishedAt, restarts, stopRequestedAt } = life;
      const pid = state === 'running' || state === 'paused' ? run?.pid : undefined;
      const { resources, note } = usage.read(id, runKey(life), pid);
      const fixed = { kind: 'observed', at: now, target: target(), health: 'none', probes: {} } as const;
      const times = { startedAt: run?.startedAt, finishedAt, stopRequestedAt };
      return { ...fixed, state, ...times, restarts, resources, changes, note };
    },
  };
}

/** Tells runs apart that have the same pid; empty before the first. */
function runKey({ run }: Life): string {
  return run === undefined ? '' : `${run.pid}-${run.startTicks}`;
}
