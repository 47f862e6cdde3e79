import type { Clock } from '../../clock.ts';
import { errorMessage, isFoghornError } from '../../errors.ts';
import { decodePodMetrics } from './decode/pod-metrics.ts';
import type { Samples } from './decode/summary.ts';
import { KubeletError } from './failure.ts';

/** What a metrics server tells of all pods of a cluster, or of those of a namespace. */
export interface MetricsApi {
  /** Looks of the same time share one call. Rejects with a KubeletError. */
  read(): Promise<{ readonly clockMs: number; readonly samples: Samples }>;
}

export interface MetricsApiDeps {
  /** The PodMetricsList, undecoded; undefined when the API is not served. Has a deadline; rejects with a FoghornError. */
  readonly list: () => Promise<unknown>;
  readonly clock: Clock;
}

/** It measures every 15 s at best; every node that needs it shares an answer. */
const FRESH_MS = 5000;

export function createMetricsApi({ list, clock }: MetricsApiDeps): MetricsApi {
  let last: { readonly at: number; readonly answer: Promise<Samples> } | undefined;

  async function ask(): Promise<Samples> {
    const body = await tellFaults(list);
    if (body === undefined)
      throw new KubeletError('notServed', 'no metrics.k8s.io is served: is metrics-server there?');
    const samples = decodePodMetrics(body);
    if (samples === undefined) throw new KubeletError('garbage', 'what metrics.k8s.io answers is no list of pods');
    return samples;
  }

  return {
    async read() {
      const now = clock.now();
      if (last === undefined || now - last.at >= FRESH_MS) last = { at: now, answer: ask() };
      return { clockMs: last.at, samples: await last.answer };
    },
  };
}

async function tellFaults(list: () => Promise<unknown>): Promise<unknown> {
  try {
    return await list();
  } catch (thrown) {
    if (isFoghornError(thrown, 'Forbidden')) {
      const advice = 'give the account list on pods of metrics.k8s.io';
      throw new KubeletError('forbidden', `${errorMessage(thrown)}: ${advice}`, { cause: thrown });
    }
    throw new KubeletError('noRoute', errorMessage(thrown), { cause: thrown });
  }
}
