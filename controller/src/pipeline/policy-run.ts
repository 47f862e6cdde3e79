import type { CompiledPolicy } from '../evaluate/compile.ts';
import type { Policy } from '../model/policy.ts';
import type { LastNotification } from '../model/snapshot.ts';
import type { Target } from '../model/target.ts';

/** A policy in force and what the pipeline remembers of running it. */
export interface PolicyRun {
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
  /** Changes noticed before this are not news to it. */
  readonly appliedAt: number;
  lastRoundAt: number | undefined;
  inFlight: boolean;
  /** Targets it watched in its last full round, or has looked at since, by id. */
  watched: Map<string, Target>;
  /** When each target was last evaluated; what happened since is news. */
  readonly evaluatedAt: Map<string, number>;
  /** When a target must be looked at before the next round. */
  readonly wakeAt: Map<string, number>;
  /** Names of the rules without a verdict for want of data, by target. */
  readonly unknownByTarget: Map<string, readonly string[]>;
  lastEvaluationAt: number | undefined;
  lastNotification: LastNotification | undefined;
  /** How telling each recipient went last. */
  readonly lastByRecipient: Map<string, LastNotification>;
  /** Messages that are due and wait for the budget of mails. */
  heldBack: number;
}

/** Starts a run, or carries on with what the earlier version of the policy remembered. */
export function startRun(
  policy: Policy,
  compiled: CompiledPolicy,
  earlier: PolicyRun | undefined,
  now: number,
): PolicyRun {
  const begun: PolicyRun = {
    policy,
    compiled,
    appliedAt: now,
    lastRoundAt: undefined,
    inFlight: false,
    watched: new Map(),
    evaluatedAt: new Map(),
    wakeAt: new Map(),
    unknownByTarget: new Map(),
    lastEvaluationAt: undefined,
    lastNotification: undefined,
    lastByRecipient: new Map(),
    heldBack: 0,
  };
  if (earlier === undefined) return begun;
  const { appliedAt, watched, evaluatedAt, lastEvaluationAt, lastNotification, lastByRecipient, heldBack } = earlier;
  const kept = { appliedAt, watched, evaluatedAt, lastEvaluationAt, lastNotification, lastByRecipient, heldBack };
  return { ...begun, ...kept };
}

/** Drops all that is remembered of a target that the policy no longer watches. */
export function forgetTarget(run: PolicyRun, targetId: string): void {
  run.evaluatedAt.delete(targetId);
  run.wakeAt.delete(targetId);
  run.unknownByTarget.delete(targetId);
}
