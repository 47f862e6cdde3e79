import type { Change, ChangeKind, ContainerState } from '../../model/observation.ts';
import { MS_PER_TICK, type ProcessStat } from './proc.ts';

/** One run of a process: pids are used again, so that the start belongs to it. */
export interface Run {
  readonly pid: number;
  readonly startTicks: number;
  /** Epoch milliseconds, as computed when the run was first seen: the boot time moves when the clock is set. */
  readonly startedAt: number;
}

export type PidFile =
  | { readonly kind: 'pid'; readonly pid: number; readonly modifiedAt: number }
  | { readonly kind: 'absent' };

/** What one look at the pid file and the process saw. `isAsked`: the pid file was taken away, so its end is wanted. */
export type Sighting =
  | { readonly kind: 'running'; readonly run: Run; readonly isPaused: boolean; readonly isAsked: boolean }
  | { readonly kind: 'gone'; readonly isAsked: boolean };

/** What is known of a target's past and present. */
export interface Life {
  readonly state: Extract<ContainerState, 'created' | 'running' | 'paused' | 'exited'>;
  /** The present run, or the last one. */
  readonly run?: Run | undefined;
  readonly finishedAt?: number | undefined;
  readonly stopRequestedAt?: number | undefined;
  /** New runs that followed an end nobody asked for. */
  readonly restarts: number;
}

export interface Step {
  readonly life: Life;
  readonly changes: readonly Change[];
}

/** A pid file is written after its process started; more than clock jitter later, the pid is somebody else's. */
const PID_FILE_SLACK_MS = 5000;

/** Says whether the process of a pid file runs, and is the one that the file means. */
export function sight(
  file: PidFile,
  known: Run | undefined,
  host: { readonly bootedAt: number; readonly find: (pid: number) => ProcessStat | undefined },
): Sighting {
  const isAsked = file.kind === 'absent';
  const pid = isAsked ? known?.pid : file.pid;
  const found = pid === undefined ? undefined : host.find(pid);
  if (found === undefined || ['Z', 'X', 'x'].includes(found.state)) return { kind: 'gone', isAsked };
  const isPaused = found.state === 'T';
  if (known !== undefined && isRun(known, found)) return { kind: 'running', run: known, isPaused, isAsked };
  const startedAt = Math.round(host.bootedAt + found.startTicks * MS_PER_TICK);
  if (isAsked || startedAt > file.modifiedAt + PID_FILE_SLACK_MS) return { kind: 'gone', isAsked };
  return { kind: 'running', run: { pid: found.pid, startTicks: found.startTicks, startedAt }, isPaused, isAsked };
}

function isRun(run: Run, found: ProcessStat): boolean {
  return run.pid === found.pid && run.startTicks === found.startTicks;
}

/** A target that has not been looked at yet. */
export const unseenLife: Life = { state: 'created', restarts: 0 };

/** Folds a look into what is known. Nothing is told of what a target went through before it was first seen running. */
export function advanceLife(life: Life, seen: Sighting, now: number): Step {
  const stopRequestedAt = seen.isAsked ? (life.stopRequestedAt ?? now) : undefined;
  return seen.kind === 'running'
    ? advanceRunning(life, seen, { stopRequestedAt, now })
    : advanceGone(life, { stopRequestedAt, now });
}

interface Asked {
  /** Set when the pid file is away now. */
  readonly stopRequestedAt: number | undefined;
  readonly now: number;
}

function advanceRunning(
  life: Life,
  seen: Extract<Sighting, { kind: 'running' }>,
  { stopRequestedAt, now }: Asked,
): Step {
  const state = seen.isPaused ? 'paused' : 'running';
  const { run } = seen;
  const isFirst = life.run === undefined;
  const isSame = life.run?.pid === run.pid && life.run.startTicks === run.startTicks;
  if (isFirst || isSame) return { life: { state, run, restarts: life.restarts, stopRequestedAt }, changes: [] };
  const restarts = life.stopRequestedAt === undefined ? life.restarts + 1 : 0;
  return { life: { state, run, restarts, stopRequestedAt }, changes: [change('restarted', now)] };
}

function advanceGone(life: Life, { stopRequestedAt, now }: Asked): Step {
  if (life.run === undefined) {
    const state = stopRequestedAt === undefined ? 'exited' : 'created';
    return { life: { state, restarts: 0, stopRequestedAt }, changes: [] };
  }
  if (life.state === 'exited') return { life, changes: [] };
  return {
    life: { ...life, state: 'exited', finishedAt: now, stopRequestedAt },
    changes: stopRequestedAt === undefined ? [change('crashed', now)] : [],
  };
}

function change(kind: ChangeKind, at: number): Change {
  return { kind, at };
}
