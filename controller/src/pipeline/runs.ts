import { compilePolicy } from '../evaluate/compile.ts';
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { startRun, type PolicyRun } from './policy-run.ts';
import { whatIsDue } from './schedule.ts';

/** A policy that is due, and the targets to look at for it. */
export interface DueRun {
  readonly run: PolicyRun;
  readonly kind: 'full' | 'partial';
  readonly targets: readonly Target[];
}

export interface DueTime {
  readonly now: number;
  /** When a host was last reached again. */
  readonly hostBackAt: number;
}

/** The targets of a policy: all, or those among these ids. */
export type Select = (policy: Policy, only?: ReadonlySet<string>) => readonly Target[];

/** The policies in force. */
export interface Runs {
  apply(policy: Policy, now: number): PolicyRun;
  remove(key: string): PolicyRun | undefined;
  get(key: string): PolicyRun | undefined;
  list(): readonly PolicyRun[];
  /** Has something to be looked at from `at` on, before the next round of the policies that watch it. */
  wake(targetId: string, at: number): void;
  /** Who is due now. A policy whose last round is still under way waits for it. */
  due(select: Select, time: DueTime): readonly DueRun[];
}

export function createRuns(): Runs {
  const runs = new Map<string, PolicyRun>();
  return {
    apply(policy, now) {
      const run = startRun(policy, compilePolicy(policy), runs.get(policy.key), now);
      runs.set(policy.key, run);
      return run;
    },
    remove(key) {
      const run = runs.get(key);
      runs.delete(key);
      return run;
    },
    get: (key) => runs.get(key),
    list: () => [...runs.values()],
    wake(targetId, at) {
      for (const run of runs.values()) run.wakeAt.set(targetId, Math.min(at, run.wakeAt.get(targetId) ?? at));
    },
    due: (select, time) =>
      [...runs.values()]
        .filter(({ policy, inFlight }) => !policy.suspend && !inFlight)
        .flatMap((run) => dueRun(run, select, time) ?? []),
  };
}

function dueRun(run: PolicyRun, select: Select, { now, hostBackAt }: DueTime): DueRun | undefined {
  const due = whatIsDue(run.policy, { ...run, hostBackAt }, now);
  if (due === undefined) return undefined;
  if (due.kind === 'full') return { run, kind: 'full', targets: select(run.policy) };
  const targets = select(run.policy, due.ids);
  const known = new Set(targets.map(({ id }) => id));
  // what a whole round has not seen either is none of its targets
  for (const id of due.ids) {
    if (!known.has(id) && now - (run.wakeAt.get(id) ?? now) > run.policy.intervalMs) run.wakeAt.delete(id);
  }
  return targets.length > 0 ? { run, kind: 'partial', targets } : undefined;
}
