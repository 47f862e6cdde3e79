import pLimit from 'p-limit';
import type { Clock } from '../../clock.ts';
import type { HostStatus, UnreachableHost } from '../../model/host.ts';
import type { NodeFacts } from './decode/node.ts';
import type { Summary } from './decode/summary.ts';
import { KubeletError } from './failure.ts';
import type { Kubelets } from './kubelet.ts';

/** The nodes of a cluster, and what was last read of each. */
export interface Nodes {
  replace(nodes: readonly NodeFacts[]): void;
  find(name: string): NodeFacts | undefined;
  /** Asks a node's kubelet; looks at the same time share one call, and a fresh answer is used again. Never rejects. */
  read(name: string, now: number): Promise<Reading>;
  statuses(): readonly HostStatus[];
}

export type Reading =
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'failed'; readonly error: KubeletError };

interface Entry {
  facts: NodeFacts;
  status: HostStatus;
  reading: { readonly at: number; readonly answer: Promise<Reading> } | undefined;
}

export interface NodesDeps {
  readonly kubelets: Kubelets;
  readonly clock: Clock;
  /** Aborts when the runtime stops. */
  readonly signal: AbortSignal;
}

/** Policies with other intervals look at other times; a kubelet samples every 10 to 15 s anyway. */
const FRESH_MS = 1000;
/** Calls under way at a time; one slow node holds one place and delays nobody else. */
export const MAX_CALLS = 64;

export function createNodes({ kubelets, clock, signal }: NodesDeps): Nodes {
  const entries = new Map<string, Entry>();
  const inTurn = pLimit(MAX_CALLS);

  async function call(entry: Entry): Promise<Reading> {
    try {
      const summary = await inTurn(() => kubelets.summary(entry.facts, signal));
      entry.status = reachable(entry, clock.now());
      return { kind: 'summary', summary };
    } catch (error) {
      if (!(error instanceof KubeletError)) throw error;
      entry.status = unreachable(entry, error, clock.now());
      return { kind: 'failed', error };
    }
  }

  return {
    replace(nodes) {
      const present = new Set(nodes.map(({ name }) => name));
      for (const name of entries.keys()) if (!present.has(name)) entries.delete(name);
      for (const facts of nodes) {
        const entry = entries.get(facts.name);
        if (entry === undefined) {
          entries.set(facts.name, { facts, status: starting(facts, clock.now()), reading: undefined });
        } else entry.facts = facts;
      }
    },
    find: (name) => entries.get(name)?.facts,
    read(name, now) {
      const entry = entries.get(name);
      if (entry === undefined) return Promise.resolve({ kind: 'failed', error: unknownNode(name) });
      if (entry.reading === undefined || now - entry.reading.at >= FRESH_MS) {
        entry.reading = { at: now, answer: call(entry) };
      }
      return entry.reading.answer;
    },
    statuses: () => [...entries.values()].map(({ status }) => status),
  };
}

function unknownNode(name: string): KubeletError {
  const message = name === '' ? 'no node has been found for the pod yet' : `node ${name} is not known`;
  return new KubeletError('HostUnreachable', message);
}

function starting({ name }: NodeFacts, since: number): HostStatus {
  const message = 'its kubelet has not been asked yet';
  return { host: name, runtime: 'kubelet', since, reachable: false, reason: 'Starting', message };
}

function reachable({ facts, status }: Entry, now: number): HostStatus {
  return {
    host: facts.name,
    runtime: 'kubelet',
    since: status.reachable ? status.since : now,
    reachable: true,
    engineVersion: facts.kubeletVersion,
    apiVersion: '',
    source: 'kubelet',
    ...facts.size,
  };
}

const HOST_REASONS = {
  HostUnreachable: 'Refused',
  PermissionDenied: 'PermissionDenied',
  Timeout: 'Timeout',
  BadAnswer: 'BadAnswer',
} as const satisfies Record<KubeletError['reason'], UnreachableHost['reason']>;

function unreachable({ facts, status }: Entry, { reason, message }: KubeletError, now: number): HostStatus {
  const notReady = facts.isReady ? '' : `; the node is not ready (${facts.notReady})`;
  return {
    host: facts.name,
    runtime: 'kubelet',
    since: status.reachable || status.reason === 'Starting' ? now : status.since,
    reachable: false,
    reason: HOST_REASONS[reason],
    message: `kubelet: ${message}${notReady}`,
  };
}
