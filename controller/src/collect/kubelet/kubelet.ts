import type { Clock } from '../../clock.ts';
import type { NodeSource } from '../../model/host.ts';
import { CALL_TIMEOUT_MS, type KubeletAnswer, type KubeletCalls } from './calls.ts';
import type { NodeFacts } from './decode/node.ts';
import { decodeResourceMetrics } from './decode/resource-metrics.ts';
import { decodeSummary, sampleKey, type Samples } from './decode/summary.ts';
import { classifyFailure, KubeletError } from './failure.ts';
import type { MetricsApi } from './metrics-api.ts';
import {
  afterFailure,
  afterSuccess,
  nodeSources,
  noMemory,
  noteOf,
  sharesFault,
  sourcesToAsk,
  type SourceMemory,
} from './sources.ts';
import type { Sample } from '../sample.ts';

/** What the containers of a node use, as one source told. Plain data. */
export interface Summary {
  readonly source: NodeSource;
  /** When it was told, by the clock of who told it; epoch milliseconds. */
  readonly clockMs: number;
  /** How far that clock is ahead of ours; undefined when that is not known. */
  readonly skewMs?: number | undefined;
  /** Why it is not from the best source; undefined when it is. */
  readonly note?: string | undefined;
  readonly samples: Samples;
}

export interface Kubelets {
  /** Asks what the containers of a node use, of the best source that answers. Rejects with a KubeletError. */
  summary(node: NodeFacts, signal: AbortSignal): Promise<Summary>;
  close(): Promise<void>;
}

export interface KubeletsDeps {
  readonly calls: KubeletCalls;
  readonly metricsApi?: MetricsApi | undefined;
  /** Those that may be asked; absent: all. */
  readonly sources?: readonly NodeSource[] | undefined;
  readonly clock: Clock;
}

/** More nodes than a cluster has; the oldest are forgotten, and begin with the best source again. */
const MAX_NODES = 10_000;

export function findSample(
  { samples }: Summary,
  pod: { readonly namespace: string; readonly name: string },
  container: string,
): Sample | undefined {
  return samples.get(sampleKey(pod.namespace, pod.name, container));
}

export function createKubelets({ calls, metricsApi, sources = nodeSources, clock }: KubeletsDeps): Kubelets {
  const memories = new Map<string, SourceMemory>();
  const allowed = sources.filter((source) => source !== 'metrics-api' || metricsApi !== undefined);
  const ask: Readonly<Record<NodeSource, Ask>> = {
    kubelet: (node, signal) => askSummary(calls, node, signal),
    'kubelet-metrics': (node, signal) => askResourceMetrics(calls, node, signal),
    'metrics-api': () => askMetricsApi(metricsApi),
  };

  function remember(node: string, memory: SourceMemory): SourceMemory {
    memories.delete(node);
    memories.set(node, memory);
    const [oldest] = memories.keys();
    if (memories.size > MAX_NODES && oldest !== undefined) memories.delete(oldest);
    return memory;
  }

  return {
    async summary(node, signal) {
      let memory = memories.get(node.name) ?? noMemory;
      let first: { readonly source: NodeSource; readonly error: KubeletError } | undefined;
      for (const source of sourcesToAsk(memory, allowed, clock.now())) {
        if (first !== undefined && sharesFault(first.source, first.error.fault, source)) continue;
        try {
          const told = await ask[source](node, AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]));
          memory = remember(node.name, afterSuccess(memory, source));
          return { ...told, source, note: noteOf(memory, source) };
        } catch (thrown) {
          const error = classifyFailure(thrown);
          if (signal.aborted) throw error;
          memory = remember(node.name, afterFailure(memory, source, error, clock.now()));
          first ??= { source, error };
        }
      }
      throw bestFailure(memory) ?? new KubeletError('notServed', 'no source of readings is allowed');
    },
    close: () => calls.close(),
  };
}

/** The fault of the best source is the one to mend: the lesser are there for want of it. */
function bestFailure({ failures }: SourceMemory): KubeletError | undefined {
  return nodeSources.flatMap((source) => failures.get(source)?.error ?? [])[0];
}

type Told = Pick<Summary, 'clockMs' | 'skewMs' | 'samples'>;
type Ask = (node: NodeFacts, signal: AbortSignal) => Promise<Told>;

async function askSummary(calls: KubeletCalls, node: NodeFacts, signal: AbortSignal): Promise<Told> {
  const answer = await calls.get(node, { path: '/stats/summary', right: 'nodes/stats' }, signal);
  const samples = decodeSummary(parseJson(answer.body));
  if (samples === undefined) throw new KubeletError('garbage', 'what it answers is no summary');
  return toldBy(answer, samples);
}

async function askResourceMetrics(calls: KubeletCalls, node: NodeFacts, signal: AbortSignal): Promise<Told> {
  const answer = await calls.get(node, { path: '/metrics/resource', right: 'nodes/metrics' }, signal);
  const samples = decodeResourceMetrics(answer.body, answer.clockMs);
  if (samples === undefined) throw new KubeletError('garbage', 'what it answers are no metrics of containers');
  return toldBy(answer, samples);
}

async function askMetricsApi(metricsApi: MetricsApi | undefined): Promise<Told> {
  if (metricsApi === undefined) throw new KubeletError('notServed', 'there is no metrics.k8s.io');
  return metricsApi.read();
}

function toldBy({ clockMs, skewMs }: KubeletAnswer, samples: Samples): Told {
  return { clockMs, skewMs, samples };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new KubeletError('garbage', 'what it answers is no JSON', { cause: error });
  }
}
