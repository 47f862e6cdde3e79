import type { KubeObject, Resource } from '../../kube/client.ts';
import { timestamp } from '../schema/date-time.ts';
import { containerNameOf, nodeNameOf, type NamedContainer } from './pod-names.ts';
import { podLabels } from './pod-labels.ts';
import type { Reading } from './reader.ts';

const group = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;
export const podMetrics: Resource = { ...group, plural: 'pods', kind: 'PodMetrics', namespaced: true };
export const nodeMetrics: Resource = { ...group, plural: 'nodes', kind: 'NodeMetrics', namespaced: false };

/** CPU in billionths of a core, memory in KiB, as metrics-server writes them. */
export interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

interface Measured extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
}

export interface PodMetrics extends Measured {
  readonly containers: readonly [{ readonly name: string; readonly usage: Usage }];
}

export interface NodeMetrics extends Measured {
  readonly usage: Usage;
}

export function podMetricsOf({ container, namespace, name }: NamedContainer, reading: Reading): PodMetrics {
  const { annotations: _annotations, ...labels } = podLabels(container.target);
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name, namespace, creationTimestamp: timestamp(reading.at), ...labels },
    timestamp: timestamp(reading.at),
    window: windowOf(reading.windowMs),
    containers: [{ name: containerNameOf(container.target), usage: usageOf(reading) }],
  };
}

/**
 * What the watched containers of a host use together: the host's own processes are not in it. Undefined when none of
 * them has been read.
 */
export function nodeMetricsOf(host: string, readings: readonly Reading[]): NodeMetrics | undefined {
  const newest = readings.toSorted((a, b) => a.at - b.at).at(-1);
  if (newest === undefined) return undefined;
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'NodeMetrics',
    metadata: { name: nodeNameOf(host), creationTimestamp: timestamp(newest.at) },
    timestamp: timestamp(newest.at),
    window: windowOf(Math.max(...readings.map(({ windowMs }) => windowMs))),
    usage: usageOf({
      cpuCores: sum(readings.map(({ cpuCores }) => cpuCores)),
      memoryBytes: sum(readings.map(({ memoryBytes }) => memoryBytes)),
    }),
  };
}

function usageOf({ cpuCores, memoryBytes }: Pick<Reading, 'cpuCores' | 'memoryBytes'>): Usage {
  return { cpu: `${Math.round(cpuCores * 1e9)}n`, memory: `${Math.ceil(memoryBytes / 1024)}Ki` };
}

/** A duration that Go reads. */
function windowOf(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))}s`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
