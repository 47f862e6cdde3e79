import type { Observation, Resources } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import { readResources, type Baseline } from '../reading.ts';
import { reasonsOf } from './failure.ts';
import { findSample } from './kubelet.ts';
import type { Reading } from './node-look.ts';
import type { Nodes } from './nodes.ts';
import type { Pods, PodView } from './pods.ts';
import { sight, staleness, type Sighting } from './staleness.ts';

export interface Observer {
  observe(targetIds: readonly string[], now: number): Promise<readonly Observation[]>;
}

export interface ObserverDeps {
  readonly pods: Pods;
  readonly nodes: Nodes;
  /** Whether pods and nodes have been listed. */
  readonly hasSynced: () => boolean;
}

/** Traces of containers that are gone are dropped when there are this many more than targets. */
const TRACE_SLACK = 1000;

/** What is remembered of a container's readings. */
interface Trace {
  readonly baseline?: Baseline | undefined;
  readonly sighting: Sighting;
}

interface Used {
  readonly resources: Resources;
  readonly note?: string | undefined;
}

type SummaryReading = Extract<Reading, { kind: 'summary' }>;

/** What is known of containers from the API server, and what they use from the kubelets: one call a node and round. */
export function createObserver({ pods, nodes, hasSynced }: ObserverDeps): Observer {
  /** By target id. */
  const traces = new Map<string, Trace>();

  function read(view: PodView, { summary, epoch, clockMs }: SummaryReading, now: number): Used {
    const { target, pod, container } = view;
    const sample = findSample(summary, pod, container.name);
    if (sample === undefined) return { resources: {}, note: 'there is no reading of it yet' };
    const before = traces.get(target.id);
    const sighting = sight(before?.sighting, sample, now);
    const stale = staleness(sample, clockMs, sighting, now);
    if (stale !== undefined) {
      traces.set(target.id, { sighting });
      return { resources: {}, note: stale };
    }
    const { resources, note, baseline } = readResources(before?.baseline, sample, {
      counters: [pod.uid, container.name, container.restarts, summary.source, epoch].join(' '),
      allowance: container.allowance,
      network: networkOf(view),
      host: nodes.find(pod.node)?.size ?? { cpus: 0, memoryBytes: 0 },
    });
    traces.set(target.id, { baseline, sighting });
    return { resources, note: summary.note ?? note };
  }

  async function observeOne(targetId: string, now: number): Promise<Observation> {
    if (!hasSynced()) return unreachable(missingTarget(targetId), now, 'the API server has not listed its pods yet');
    const before = pods.find(targetId);
    if (before === undefined) return missing(missingTarget(targetId), now);
    if (before.container.state !== 'running')
      return observed(before, now, { resources: {}, note: before.container.waiting });
    const reading = await nodes.read(before.pod.node, now);
    const view = pods.find(targetId);
    if (view === undefined) return missing(missingTarget(targetId), now);
    if (view.container.state !== 'running') return observed(view, now, { resources: {}, note: view.container.waiting });
    if (reading.kind === 'failed') {
      const { error } = reading;
      const reason = reasonsOf(error).target;
      return { kind: 'unreachable', at: now, target: view.target, reason, message: error.message, probes: {} };
    }
    return observed(view, now, read(view, reading, now));
  }

  return {
    observe: (targetIds, now) => {
      prune(traces, pods);
      return Promise.all(targetIds.map((targetId) => observeOne(targetId, now)));
    },
  };
}

/** The first container of a pod stands for the network that all of them share; the node's own is nobody's. */
function networkOf({ pod, container }: PodView): 'own' | 'shared' | 'none' {
  if (pod.usesHostNetwork) return 'none';
  return pod.containers[0]?.name === container.name ? 'own' : 'shared';
}

function prune(traces: Map<string, Trace>, pods: Pods): void {
  if (traces.size <= pods.targets().length + TRACE_SLACK) return;
  for (const id of traces.keys()) if (pods.find(id) === undefined) traces.delete(id);
}

function observed(
  { target, container, pod, changes, stopRequestedAt }: PodView,
  at: number,
  { resources, note }: Used,
): Observation {
  return {
    kind: 'observed',
    at,
    target,
    state: container.state,
    health: container.health,
    createdAt: pod.createdAt,
    startedAt: container.startedAt,
    finishedAt: container.finishedAt,
    exitCode: container.exitCode,
    restarts: container.restarts,
    stopRequestedAt,
    resources,
    changes,
    probes: {},
    note: note === '' ? undefined : note,
  };
}

function missing(target: Target, at: number): Observation {
  const nothing = { health: 'none', restarts: 0, resources: {}, changes: [], probes: {} } as const;
  return { kind: 'observed', at, target, state: 'missing', ...nothing };
}

function unreachable(target: Target, at: number, message: string): Observation {
  return { kind: 'unreachable', at, target, reason: 'HostUnreachable', message, probes: {} };
}

/** Stands for a target that is not there; its id says where it would be. */
function missingTarget(id: string): Target {
  const [host = '', namespace = '', , workload = '', , container = ''] = id.split('/');
  const name = [workload, container].filter((part) => part !== '').join('/') || id;
  return { id, instance: '', host, name, namespace, labels: {}, image: '', limits: {} };
}
