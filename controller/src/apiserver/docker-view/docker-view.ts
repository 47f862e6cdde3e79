import type { Clock } from '../../clock.ts';
import type { KubeObject, Resource } from '../../kube/client.ts';
import type { KindDefinition } from '../kind.ts';
import { parseSchema } from '../schema/structural.ts';
import { createSampledKind, createWatchedKind, type ReadOnlyKind } from './listed-kind.ts';
import { nodeMetrics, nodeMetricsOf, podMetrics, podMetricsOf } from './metrics.ts';
import { nodeColumns } from './node-columns.ts';
import { nodeOf, nodes } from './node.ts';
import { podColumns } from './pod-columns.ts';
import { createPodLogs, type PodLogs } from './pod-logs.ts';
import { nameContainers, type NamedContainer } from './pod-names.ts';
import { podOf, pods } from './pod.ts';
import type { DockerReader } from './reader.ts';

/** The hosts and their containers as Kubernetes has them, for reading. */
export interface DockerView {
  /** Pods, nodes, and the metrics of both. */
  readonly kinds: readonly ReadOnlyKind[];
  readonly podLogs: PodLogs;
}

const freeForm = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export function createDockerView({
  reader,
  clock,
}: {
  readonly reader: DockerReader;
  readonly clock: Clock;
}): DockerView {
  const named = (): readonly NamedContainer[] => nameContainers(present(reader));
  return {
    kinds: [
      createWatchedKind({
        definition: definitionOf(pods, {
          description: 'A container of a host, as far as its engine tells; to be read only.',
          short: ['po'],
          categories: ['all'],
          columns: podColumns,
          selectableFields: ['spec.nodeName', 'status.phase'],
          subresources: ['log'],
        }),
        read: () => readPods(reader, named()),
        clock,
      }),
      createWatchedKind({
        definition: definitionOf(nodes, {
          description: 'A host whose containers are watched; to be read only.',
          short: ['no'],
          columns: nodeColumns,
        }),
        read: () => reader.hosts().map(nodeOf),
        clock,
      }),
      createSampledKind({
        definition: definitionOf(podMetrics, { description: 'The last readings of a container.' }),
        read: () => readPodMetrics(reader, named()),
        clock,
      }),
      createSampledKind({
        definition: definitionOf(nodeMetrics, {
          description: 'The last readings of all watched containers of a host.',
        }),
        read: () => readNodeMetrics(reader),
        clock,
      }),
    ],
    podLogs: createPodLogs({ named, logs: reader.logs, clock }),
  };
}

/** One that is expected and not there is no pod. */
function present(reader: DockerReader): readonly NamedContainer['container'][] {
  return reader.containers().filter(({ state }) => state !== 'missing');
}

function readPods(reader: DockerReader, named: readonly NamedContainer[]): readonly KubeObject[] {
  const hosts = new Map(reader.hosts().map((host) => [host.host, host]));
  return named.map((one) => podOf(one, hosts.get(one.container.target.host)));
}

/** Readings of containers that run: those of one that ended are of the past. */
function readPodMetrics(reader: DockerReader, named: readonly NamedContainer[]): readonly KubeObject[] {
  const readings = new Map(reader.readings().map((reading) => [reading.targetId, reading]));
  return named.flatMap((one) => {
    const reading = readings.get(one.container.target.id);
    return reading === undefined || one.container.state !== 'running' ? [] : [podMetricsOf(one, reading)];
  });
}

function readNodeMetrics(reader: DockerReader): readonly KubeObject[] {
  const hostOf = new Map(reader.containers().map(({ target }) => [target.id, target.host]));
  const byHost = Map.groupBy(reader.readings(), ({ targetId }) => hostOf.get(targetId));
  return reader.hosts().flatMap(({ host }) => nodeMetricsOf(host, byHost.get(host) ?? []) ?? []);
}

function definitionOf(
  resource: Resource,
  options: Partial<Pick<KindDefinition, 'columns' | 'selectableFields' | 'subresources'>> & {
    /** For `kubectl explain`. */
    readonly description: string;
    readonly short?: readonly string[];
    readonly categories?: readonly string[];
  },
): KindDefinition {
  const { description, short = [], categories = [], columns = [], selectableFields = [], subresources = [] } = options;
  const singular = resource.plural.slice(0, -1);
  return {
    resource,
    schema: parseSchema({ ...freeForm, description, properties: { spec: freeForm, status: freeForm } }, resource.kind),
    hasStatus: false,
    countsGenerations: false,
    requiresResourceVersion: false,
    selectableFields,
    subresources,
    names: { singular, list: `${resource.kind}List`, short, categories },
    columns,
  };
}
