import type { Clock } from '../../clock.ts';
import type { HostStatus } from '../../model/host.ts';
import type { NodeFacts } from './decode/node.ts';
import { KubeletError } from './failure.ts';
import type { Kubelets } from './kubelet.ts';
import { createNodeLook, type CallLimits, type LookedAt, type Reading } from './node-look.ts';
import { starting } from './node-status.ts';

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

export interface NodesDeps {
  readonly kubelets: Kubelets;
  /** Absent: as one process asks them. */
  readonly limits?: CallLimits | undefined;
  readonly clock: Clock;
  /** Aborts when the runtime stops. */
  readonly signal: AbortSignal;
  /** Nodes may not be listed: those that pods name are asked for, without their address. Absent: they may. */
  readonly areHidden?: (() => boolean) | undefined;
}

/** A node that no policy looks at is asked so often whether it can be read. */
export const IDLE_MS = 60_000;
/** One that may not be listed is forgotten when nobody has looked at it for so long. */
const FORGET_MS = 600_000;

export function createNodes({ kubelets, limits, clock, signal, areHidden }: NodesDeps): Nodes {
  const entries = new Map<string, LookedAt>();
  const look = createNodeLook({ kubelets, limits, clock, signal });

  function apply(facts: NodeFacts): void {
    const entry = entries.get(facts.name);
    if (entry !== undefined) entry.facts = facts;
    else add(facts);
  }

  function add(facts: NodeFacts): LookedAt {
    const entry: LookedAt = { facts, status: starting(facts, clock.now()), clock: {}, call: undefined };
    entries.set(facts.name, entry);
    return entry;
  }

  /** Nothing tells that they are gone but that no pod is on them. */
  function forgetHidden(now: number): void {
    for (const [name, { call }] of entries) {
      if (call === undefined || now - call.askedAt > FORGET_MS) entries.delete(name);
    }
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
      const entry = entries.get(name) ?? (name !== '' && areHidden?.() === true ? add(hidden(name)) : undefined);
      return entry === undefined ? { kind: 'failed', error: unknownNode(name) } : look(entry, now);
    },
    async tend(now) {
      if (areHidden?.() === true) {
        forgetHidden(now);
        return;
      }
      const idle = [...entries.values()].filter(({ call }) => call === undefined || now - call.askedAt >= IDLE_MS);
      await Promise.all(idle.map((entry) => look(entry, now)));
    },
    statuses: () => [...entries.values()].map(({ status }) => status),
  };
}

/** A node of which only the name is known. */
function hidden(name: string): NodeFacts {
  return {
    name,
    kubelet: undefined,
    size: { cpus: 0, memoryBytes: 0 },
    kubeletVersion: '',
    isReady: true,
    notReady: '',
  };
}

function unknownNode(name: string): KubeletError {
  const message = name === '' ? 'no node has been found for the pod yet' : `node ${name} is not known`;
  return new KubeletError('noRoute', message);
}
