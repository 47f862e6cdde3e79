import type { Clock } from '../../clock.ts';
import type { HostStatus } from '../../model/host.ts';
import type { NodeFacts } from './decode/node.ts';
import { KubeletError } from './failure.ts';
import type { Kubelets, Summary } from './kubelet.ts';
import { createLanes, MAX_CALLS, MAX_SLOW_CALLS } from './lanes.ts';
import { clockEpoch, followClock, isSettling, type NodeClock } from './node-clock.ts';
import { reachable, unreachable } from './node-status.ts';
import { askPatiently, type PatientCall } from './patient-call.ts';
import { staleFault } from './staleness.ts';

export type Reading =
  | {
      readonly kind: 'summary';
      readonly summary: Summary;
      /** Rates are made of samples of one epoch only. */
      readonly epoch: string;
      /** When it was told, by the node's clock; undefined while that cannot be compared with its samples. */
      readonly clockMs: number | undefined;
    }
  | { readonly kind: 'failed'; readonly error: KubeletError };

/** A node, with what its last look has brought. */
export interface LookedAt {
  facts: NodeFacts;
  status: HostStatus;
  clock: NodeClock;
  call: PatientCall<Reading> | undefined;
}

/** How nodes are asked. */
export interface CallLimits {
  /** Calls under way at a time, and besides them of nodes that were slow. */
  readonly calls: number;
  readonly slowCalls: number;
  /** From its turn on. */
  readonly patienceMs: number;
}

export interface NodeLookDeps {
  readonly kubelets: Kubelets;
  /** Absent: {@link MAX_CALLS}, {@link MAX_SLOW_CALLS}, {@link PATIENCE_MS}. */
  readonly limits?: CallLimits | undefined;
  readonly clock: Clock;
  /** Aborts when the runtime stops. */
  readonly signal: AbortSignal;
}

/** Policies with other intervals look at other times; a kubelet samples every 10 to 15 s anyway. */
const FRESH_MS = 1000;
/** A slow node costs the others no more than this, and once: while its answer is awaited, no look waits for it again. */
export const PATIENCE_MS = 3000;
/** The same with the wait for its turn: a thousand nodes take longer to ask. Within the deadline of a look. */
export const LONGEST_MS = 10_000;
const ownLimits: CallLimits = { calls: MAX_CALLS, slowCalls: MAX_SLOW_CALLS, patienceMs: PATIENCE_MS };
/** Where replicas ask them: each bounds its own calls and is as patient as we are, and we must hear of all nodes at once. */
export const sharedLimits: CallLimits = { calls: 10_000, slowCalls: 10_000, patienceMs: LONGEST_MS };
/** An answer that came too late for its look is for the looks after it, unless it is older. */
const LATE_FRESH_MS = 30_000;

/** Looks at a node, and writes down how it stands. Looks at the same time share one call. */
export function createNodeLook({
  kubelets,
  limits = ownLimits,
  clock,
  signal,
}: NodeLookDeps): (node: LookedAt, now: number) => Promise<Reading> {
  const inTurn = createLanes({ ...limits, clock, slowMs: limits.patienceMs });

  async function ask(entry: LookedAt, askedAt: number, begun: () => void): Promise<Reading> {
    try {
      const summary = await inTurn(entry, () => kubelets.summary(entry.facts, signal), begun);
      const now = clock.now();
      entry.clock = followClock(entry.clock, summary.skewMs, now);
      const clockMs = isSettling(entry.clock, now) ? undefined : summary.clockMs;
      const stale = clockMs === undefined ? undefined : staleFault(summary.samples, clockMs);
      if (stale !== undefined) throw stale;
      // a look that had its answer in time has seen what is on it: it need not be seen anew
      entry.status = reachable(entry, summary, entry.call?.isOverdue() === true ? now : askedAt);
      return { kind: 'summary', summary, epoch: clockEpoch(entry.clock, now), clockMs };
    } catch (error) {
      if (!(error instanceof KubeletError)) throw error;
      entry.status = unreachable(entry, error, clock.now());
      return { kind: 'failed', error };
    }
  }

  function begin(entry: LookedAt, now: number): PatientCall<Reading> {
    return askPatiently((begun) => ask(entry, now, begun), {
      clock,
      patienceMs: limits.patienceMs,
      longestMs: LONGEST_MS,
      signal,
    });
  }

  function overdue(entry: LookedAt, { askedAt }: PatientCall<Reading>): Reading {
    const error = new KubeletError('timeout', `no answer yet after ${Math.round(clock.now() - askedAt)} ms`);
    entry.status = unreachable(entry, error, clock.now());
    return { kind: 'failed', error };
  }

  return async (entry, now) => {
    if (entry.call === undefined || isSpent(entry, entry.call, now)) entry.call = begin(entry, now);
    const { call } = entry;
    return (await (call.late() ?? call.soon)) ?? overdue(entry, call);
  };
}

function isSpent({ status }: LookedAt, call: PatientCall<Reading>, now: number): boolean {
  const isWorthKeeping = call.isOverdue() && status.reachable;
  return call.isOver() && now - call.askedAt >= (isWorthKeeping ? LATE_FRESH_MS : FRESH_MS);
}
