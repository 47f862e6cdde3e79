import { list, object, text, timeNs } from '../../json.ts';
import type { Sample } from '../../sample.ts';
import { parseQuantity } from './quantity.ts';
import { sampleKey, type Samples } from './summary.ts';

/** Of a whole cluster. */
const MAX_PODS = 200_000;
const MAX_CONTAINERS = 128;

/**
 * A PodMetricsList of metrics.k8s.io; undefined when it is none. CPU is an average over the `window` that ends at
 * `timestamp`, not a counter; memory is the working set. No network.
 */
export function decodePodMetrics(body: unknown): Samples | undefined {
  const items = object(body)['items'];
  if (!Array.isArray(items)) return undefined;
  const samples = new Map<string, Sample>();
  for (const pod of list(items, MAX_PODS).map(object)) {
    const metadata = object(pod['metadata']);
    const readAtNs = timeNs(pod['timestamp']);
    if (readAtNs === undefined) continue;
    for (const container of list(pod['containers'], MAX_CONTAINERS).map(object)) {
      const usage = object(container['usage']);
      const key = sampleKey(text(metadata['namespace']), text(metadata['name']), text(container['name']));
      const sample = {
        readAtNs,
        cpuCores: parseQuantity(usage['cpu']),
        memoryBytes: parseQuantity(usage['memory']),
      };
      samples.set(key, sample);
    }
  }
  return samples;
}
