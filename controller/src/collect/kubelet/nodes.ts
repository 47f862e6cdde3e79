import type { Clock } from '../../clock.ts';
import type { HostStatus } from '../../model/host.ts';
import type { NodeFacts } from './decode/node.ts';
import { KubeletError } from './failure.ts';
import type { Kubelets, Summary } from './kubelet.ts';
import { createLanes } from './lanes.ts';
import { clockEpoch, followClock, isSettling, type NodeClock } from './node-clock.ts';
import { reachable, starting, unreachable } from './node-status.ts';
import { askPatiently, type PatientCall } from './patient-call.ts';
import { staleFault } from './staleness.ts';

/** The nodes of a cluster, and what was last read of each. */
export interface Nodes {
  /** Those of the first list. */
  replace(nodes: readonly NodeFacts[]): void;
  /** One that is new, has told something, or is gone. */
  take(node: NodeFacts, isGone: boolean): void;
  find(name: string): NodeFacts | undefined;
  /**
   * Asks a node what its containers use; looks at the same time share one call, and a fresh answer is used again.
   * Never rejects, and answers within {@link PATIENCE_MS} of its turn and {@link LONGEST_MS} in all:
   * what comes later is for the next look.
   */
  read(name: string, now: number): Promise<Reading>;
  /** Asks those that nobody has looked at for {@link IDLE_MS}, so that their status is true all the same. */
  tend(now: number): Promise<void>;
  statuses(): readonly HostStatus[];
}

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

interface Entry {
  facts: NodeFacts;
  status: HostStatus;
  clock: NodeClock;
  call: PatientCall<Reading> | undefined;
}

export interface NodesDeps {
  readonly kubelets: Kubelets;
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
/** A node that no policy looks at is asked so often whether it can be read. */
export const IDLE_MS = 60_000;
/** An answer that came too late for its look is for the looks after it, unless it is older. */
const LATE_FRESH_MS = 30_000;

export function createNodes({ kubelets, clock, signal }: NodesDeps): Nodes {
  const entries = new Map<string, Entry>();
  const inTurn = createLanes({ clock, slowMs: PATIENCE_MS });

  function apply(facts: NodeFacts): void {
    const entry = entries.get(facts.name);
    if (entry !== undefined) entry.facts = facts;
    else entries.set(facts.name, { facts, status: starting(facts, clock.now()), clock: {}, call: undefined });
  }

  async function ask(entry: Entry, askedAt: number, begun: () => void): Promise<Reading> {
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

  function begin(entry: Entry, now: number): PatientCall<Reading> {
    return askPatiently((begun) => ask(entry, now, begun), {
      clock,
      patienceMs: PATIENCE_MS,
      longestMs: LONGEST_MS,
      signal,
    });
  }

  function overdue(entry: Entry, { askedAt }: PatientCall<Reading>): Reading {
    const error = new KubeletError('timeout', `no answer yet after ${Math.round(clock.now() - askedAt)} ms`);
    entry.status = unreachable(entry, error, clock.now());
    return { kind: 'failed', error };
  }

  async function look(entry: Entry, now: number): Promise<Reading> {
    if (entry.call === undefined || isSpent(entry, entry.call, now)) entry.call = begin(entry, now);
    const { call } = entry;
    return (await (call.late() ?? call.soon)) ?? overdue(entry, call);
  }

  return {
    replace(nodes) {
      const present = new Set(nodes.map(({ name }) => name));
      for (const name of entries.keys()) if (!present.has(name)) entries.delete(name);
      for (const facts of nodes) apply(facts);
    },
    take(node, isGone) {
      if (isGone) entries.delete(node.name);
      else apply(node);
    },
    find: (name) => entries.get(name)?.facts,
    async read(name, now) {
      const entry = entries.get(name);
      return entry === undefined ? { kind: 'failed', error: unknownNode(name) } : look(entry, now);
    },
    async tend(now) {
      const idle = [...entries.values()].filter(({ call }) => call === undefined || now - call.askedAt >= IDLE_MS);
      await Promise.all(idle.map((entry) => look(entry, now)));
    },
    statuses: () => [...entries.values()].map(({ status }) => status),
  };
}

function isSpent({ status }: Entry, call: PatientCall<Reading>, now: number): boolean {
  const isWorthKeeping = call.isOverdue() && status.reachable;
  return call.isOver() && now - call.askedAt >= (isWorthKeeping ? LATE_FRESH_MS : FRESH_MS);
}

function unknownNode(name: string): KubeletError {
  const message = name === '' ? 'no node has been found for the pod yet' : `node ${name} is not known`;
  return new KubeletError('noRoute', message);
}
