import type { Change, ChangeKind } from '../../model/observation.ts';
import type { PodContainer, PodFacts } from './decode/pod.ts';
import { generationOf } from './workload.ts';

/** One container of one pod, as the API server told of it last. */
export interface Run {
  readonly pod: PodFacts;
  readonly container: PodContainer;
}

/** What is known of who holds an identity. */
export interface Life {
  readonly run: Run;
  /** Ends of this container that are known, told or older than the first look. */
  readonly ends: number;
  /** Whether it has ever been seen running here. */
  readonly hasRun: boolean;
  /** When it was noticed that the pod is being removed. */
  readonly stopRequestedAt?: number | undefined;
}

export interface Step {
  readonly life: Life;
  readonly changes: readonly Change[];
}

/** The first look at an identity: nothing is told of what was before. */
export function beginLife(run: Run, now: number): Life {
  return { run, ends: countEnds(run.container), hasRun: hasRun(run.container), stopRequestedAt: requestedAt(run, now) };
}

/** What happened to it while nobody watched, and is over: it ended and runs again. */
export function missedChanges(
  run: Run,
  { now, watchedUntil = Infinity }: { readonly now: number; readonly watchedUntil?: number | undefined },
): readonly Change[] {
  const { state, lastEnd } = run.container;
  const isMissed = state === 'running' && lastEnd !== undefined && lastEnd.finishedAt >= watchedUntil;
  if (!isMissed || run.pod.deletionAt !== undefined) return [];
  return [...endChanges(run, now), change('restarted', now)];
}

/**
 * Another look at the same container. Restarts and ends are counted, not awaited: that it waits after a crash is often
 * to be seen for a tenth of a second only, and no event tells of a kill for lack of memory.
 */
export function continueLife(life: Life, run: Run, now: number): Step {
  const ends = countEnds(run.container);
  const isAsked = life.run.pod.deletionAt !== undefined || run.pod.deletionAt !== undefined;
  const isNewRun = hasRun(life.run.container) && isAnotherRun(life.run.container, run.container);
  const changes = [
    ...(ends > life.ends && !isAsked ? endChanges(run, now) : []),
    ...(isNewRun ? [change('restarted', now)] : []),
  ];
  const stopRequestedAt = life.stopRequestedAt ?? requestedAt(run, now);
  return { life: { run, ends, hasRun: life.hasRun || hasRun(run.container), stopRequestedAt }, changes };
}

/** What it means that a container of another pod now has the identity, told when that first runs. */
export function succeed(predecessor: Run, { pod, container }: Run, now: number): Change {
  const before = predecessor.container;
  if (before.image !== container.image) {
    return { ...change('deployed', now), detail: `image ${before.image} -> ${container.image}` };
  }
  if (isRebuilt(before, container)) {
    return { ...change('deployed', now), detail: `image ${container.image} rebuilt` };
  }
  if (generationOf(predecessor.pod) !== generationOf(pod)) {
    return { ...change('configured', now), detail: 'recreated with another configuration' };
  }
  return { ...change('restarted', now), detail: `recreated on node ${pod.node}` };
}

function isRebuilt(before: PodContainer, after: PodContainer): boolean {
  return before.imageId !== '' && after.imageId !== '' && before.imageId !== after.imageId;
}

/** How often a container has ended: once before every restart, and once more when it does not run now. */
function countEnds({ restarts, state, finishedAt }: PodContainer): number {
  return restarts + (state !== 'running' && finishedAt !== undefined ? 1 : 0);
}

function hasRun({ startedAt, restarts }: PodContainer): boolean {
  return startedAt !== undefined || restarts > 0;
}

function isAnotherRun(before: PodContainer, after: PodContainer): boolean {
  return after.state === 'running' && after.restarts > before.restarts;
}

function endChanges({ container }: Run, now: number): readonly Change[] {
  const end =
    container.state === 'running'
      ? container.lastEnd
      : { exitCode: container.exitCode ?? 0, oomKilled: container.oomKilled };
  if (end === undefined) return [];
  const oom = end.oomKilled ? [change('oomKilled', now)] : [];
  return end.exitCode === 0 ? oom : [...oom, { ...change('crashed', now), exitCode: end.exitCode }];
}

function requestedAt({ pod }: Run, now: number): number | undefined {
  return pod.deletionAt === undefined ? undefined : now;
}

function change(kind: ChangeKind, at: number): Change {
  return { kind, at };
}
