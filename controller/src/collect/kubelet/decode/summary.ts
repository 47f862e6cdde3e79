import { amount, list, object, text, timeNs } from '../../json.ts';
import type { Sample } from '../../sample.ts';

/** Readings by `namespace/pod/container`. */
export type Samples = ReadonlyMap<string, Sample>;

/** More pods than any kubelet runs (its own bound is 110 by default). */
const MAX_PODS = 2000;
const MAX_CONTAINERS = 128;

export function sampleKey(namespace: string, pod: string, container: string): string {
  return `${namespace}/${pod}/${container}`;
}

/**
 * Body of `GET /stats/summary`; undefined when it is none. Pods are known by namespace and name: the uid of a static
 * pod is not the API's. Their order changes between answers, and a pod between two runs is absent.
 */
export function decodeSummary(body: unknown): Samples | undefined {
  const pods = object(body)['pods'];
  if (!Array.isArray(pods)) return undefined;
  const samples = new Map<string, Sample>();
  for (const pod of list(pods, MAX_PODS).map(object)) {
    const reference = object(pod['podRef']);
    const network = decodeNetwork(pod['network']);
    for (const container of list(pod['containers'], MAX_CONTAINERS).map(object)) {
      const sample = decodeSample(container, network);
      const key = sampleKey(text(reference['namespace']), text(reference['name']), text(container['name']));
      if (sample !== undefined) samples.set(key, sample);
    }
  }
  return samples;
}

/**
 * One container. `usageCoreNanoSeconds` and its own `time` give the rate; `usageNanoCores` is a rate over somebody else's
 * window, and 0 when it is not known. The time is the sample's, up to 15 s old, and repeated over polls.
 */
function decodeSample(container: Readonly<Record<string, unknown>>, network: Network): Sample | undefined {
  const cpu = object(container['cpu']);
  const memory = object(container['memory']);
  const readAtNs = timeNs(cpu['time']) ?? timeNs(memory['time']);
  if (readAtNs === undefined) return undefined;
  return {
    readAtNs,
    cpuNs: amount(cpu['usageCoreNanoSeconds']),
    memoryBytes: amount(memory['workingSetBytes']),
    processes: amount(object(container['process_stats'])['process_count']),
    ...network,
  };
}

type Network = Pick<Sample, 'receivedBytes' | 'transmittedBytes'>;

/** Of the whole pod: its containers share one network. */
function decodeNetwork(value: unknown): Network {
  const network = object(value);
  return { receivedBytes: amount(network['rxBytes']), transmittedBytes: amount(network['txBytes']) };
}
