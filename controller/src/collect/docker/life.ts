import type { Change, ChangeKind } from '../../model/observation.ts';
import type { ContainerFacts } from './decode/inspect.ts';

/**
 * One container's life, folded from two accounts that overtake each other: events, which tell every start and end
 * and how it came about, and inspects, which tell where things stand. Engine times are compared with engine times
 * only; what is handed out (`at`, `stopRequestedAt`) is the controller's clock.
 */
export interface Life {
  readonly facts: ContainerFacts;
  readonly phase: Phase;
  /** Engine time of the newest start that an event told; 0 for none. */
  readonly startToldAt: number;
  /** Whether that event told of the run that `facts` describe. */
  readonly isStartTold: boolean;
  /** Engine time up to which every end has been told. */
  readonly endToldAt: number;
  /** Engine time of the newest out-of-memory kill that was told. */
  readonly oomToldAt: number;
  /** When one was noticed of which it is not yet known whether the container survives it; it is told with that. */
  readonly oomNoticedAt?: number | undefined;
  /** Engine time of the newest signal that asks the run to end. */
  readonly askedAt?: number | undefined;
  /** When an asked-for end was noticed. */
  readonly stopRequestedAt?: number | undefined;
  /** When the engine went, if that end was part of it; `stopRequestedAt` is the same then. */
  readonly leftWithHostAt?: number | undefined;
}

type Phase = 'never-run' | 'running' | 'ended';

/** A life after something happened to it, and what is told of that. */
export interface Step {
  readonly life: Life;
  readonly changes: readonly Change[];
}

/** Longest time from the signal of a stop to the end it asks for: a stop may wait for a slow shutdown. */
const LONGEST_STOP_MS = 600_000;
/** Longest time from the first container that an ending engine stops to its own end: it gives them 15 s. */
const ENGINE_STOP_MS = 20_000;
/** Longest time from `State.StartedAt` to the start event of the same run. */
export const LONGEST_START_MS = 30_000;

/** A container seen for the first time: nothing is told about what it went through before. */
export function beginLife(facts: ContainerFacts): Life {
  return {
    facts,
    phase: phaseOf(facts),
    startToldAt: 0,
    isStartTold: false,
    endToldAt: newestTime(facts),
    oomToldAt: facts.oomKilled ? newestTime(facts) : 0,
  };
}

/** The engine went at `now`: what it stopped on its way was stopped at one time, however long that took. */
export function leaveWithHost(life: Life, now: number): Life {
  const { phase, stopRequestedAt, leftWithHostAt } = life;
  if (phase !== 'ended' || stopRequestedAt === undefined || stopRequestedAt === leftWithHostAt) return life;
  if (now - stopRequestedAt > ENGINE_STOP_MS) return life;
  return { ...life, stopRequestedAt: now, leftWithHostAt: now };
}

export function phaseOf(facts: ContainerFacts): Phase {
  if (facts.startedAt === undefined) return 'never-run';
  return facts.state === 'running' || facts.state === 'paused' ? 'running' : 'ended';
}

/** Engine time of the newest start or end in the facts. */
export function newestTime(facts: ContainerFacts): number {
  return Math.max(facts.startedAt ?? 0, facts.finishedAt ?? 0);
}

/** Whether an end at this engine time is what somebody asked for. */
export function isAskedFor(life: Life, endedAt: number): boolean {
  return life.askedAt !== undefined && endedAt - life.askedAt <= LONGEST_STOP_MS;
}

/** The kill for lack of memory that has not been told yet. */
export function oomChange({ oomNoticedAt }: Life, now: number): readonly Change[] {
  return oomNoticedAt === undefined ? [] : [changeOf('oomKilled', now)];
}

export function changeOf(kind: ChangeKind, at: number, exitCode?: number): Change {
  return exitCode === undefined ? { kind, at } : { kind, at, exitCode };
}
