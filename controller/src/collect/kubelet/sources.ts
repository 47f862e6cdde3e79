import type { NodeSource } from '../../model/host.ts';
import type { KubeletError, KubeletFault } from './failure.ts';

/** Best first: the later ones know less, and less exactly. */
export const nodeSources: readonly NodeSource[] = ['kubelet', 'kubelet-metrics', 'metrics-api'];

/** What is known of the sources of one node. */
export interface SourceMemory {
  /** The one that gave the last readings; absent: none has yet, or none does now. */
  readonly using?: NodeSource | undefined;
  /** Those that failed when they were asked last. */
  readonly failures: ReadonlyMap<NodeSource, SourceFailure>;
}

export interface SourceFailure {
  readonly at: number;
  readonly error: KubeletError;
  /** How often on end. */
  readonly times: number;
}

export const noMemory: SourceMemory = { failures: new Map() };

/** While a lesser source gives readings, a better one that failed is asked again after this, then after twice that ... */
const FIRST_RETRY_MS = 30_000;
const MAX_RETRY_MS = 300_000;

/**
 * Which sources to ask in this round, in this order, until one answers. A better one that failed lately is left out
 * only while a lesser one works; with none that works, all are asked from the best on.
 */
export function sourcesToAsk(
  { using, failures }: SourceMemory,
  allowed: readonly NodeSource[],
  now: number,
): readonly NodeSource[] {
  const inOrder = nodeSources.filter((source) => allowed.includes(source));
  const rank = using === undefined ? 0 : inOrder.indexOf(using);
  return inOrder.filter((source, index) => {
    const failure = failures.get(source);
    return index >= rank || failure === undefined || now - failure.at >= retryMs(failure);
  });
}

function retryMs({ times }: SourceFailure): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (times - 1), MAX_RETRY_MS);
}

/** Faults of one path of a kubelet; all others it has on every path. */
const ofOnePath: ReadonlySet<KubeletFault> = new Set(['forbidden', 'notServed', 'garbage', 'tooLarge']);

/** Whether asking `next` is pointless after `failed` ended so: both are the same kubelet. */
export function sharesFault(failed: NodeSource, fault: KubeletFault, next: NodeSource): boolean {
  return failed === 'kubelet' && next === 'kubelet-metrics' && !ofOnePath.has(fault);
}

export function afterFailure(memory: SourceMemory, source: NodeSource, error: KubeletError, now: number): SourceMemory {
  const times = (memory.failures.get(source)?.times ?? 0) + 1;
  const failures = new Map(memory.failures).set(source, { at: now, error, times });
  return { using: memory.using === source ? undefined : memory.using, failures };
}

export function afterSuccess({ failures }: SourceMemory, source: NodeSource): SourceMemory {
  const rest = new Map(failures);
  rest.delete(source);
  return { using: source, failures: rest };
}

const names: Readonly<Record<NodeSource, string>> = {
  kubelet: '/stats/summary',
  'kubelet-metrics': '/metrics/resource',
  'metrics-api': 'metrics.k8s.io',
};
const lacking: Readonly<Record<NodeSource, string>> = {
  kubelet: '',
  'kubelet-metrics': ', without network',
  'metrics-api': ', without network and with CPU as an average',
};

/** Why readings are not from the best source, for people; undefined when they are. */
export function noteOf({ failures }: SourceMemory, source: NodeSource): string | undefined {
  const better = nodeSources.slice(0, nodeSources.indexOf(source)).flatMap((name) => {
    const failure = failures.get(name);
    return failure === undefined ? [] : [`${names[name]}: ${failure.error.message}`];
  });
  const reading = `read from ${names[source]}${lacking[source]}`;
  return source === 'kubelet' ? undefined : [reading, ...better].join('; ');
}
