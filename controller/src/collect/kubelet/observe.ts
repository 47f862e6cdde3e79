import type { Observation, Resources } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import { readResources, type Baseline } from '../reading.ts';
import type { Nodes, Reading } from './nodes.ts';
import type { Pods, PodView } from './pods.ts';

export interface Observer {
  observe(targetIds: readonly string[], now: number): Promise<readonly Observation[]>;
}

export interface ObserverDeps {
  readonly pods: Pods;
  readonly nodes: Nodes;
  /** Whether pods and nodes have been listed. */
  readonly hasSynced: () => boolean;
}

/** Baselines of containers that are gone are dropped when there are this many more than targets. */
const BASELINE_SLACK = 1000;

/** What is known of containers from the API server, and what they use from the kubelets: one call a node and round. */
export function createObserver({ pods, nodes, hasSynced }: ObserverDeps): Observer {
  /** By target id. */
  const baselines = new Map<string, Baseline>();

  function read(
    view: PodView,
    reading: Reading,
  ): { readonly resources: Resources; readonly note?: string | undefined } {
    const { target, pod, container } = view;
    if (reading.kind === 'failed') return { resources: {}, note: reading.error.message };
    const sample = reading.summary.find(pod, container.name);
    if (sample === undefined) return { resources: {}, note: 'the kubelet has no reading of it yet' };
    const result = readResources(baselines.get(target.id), sample, {
      counters: `${pod.uid} ${container.name} ${container.restarts}`,
      allowance: container.allowance,
      network: networkOf(view),
      host: nodes.find(pod.node)?.size ?? { cpus: 0, memoryBytes: 0 },
    });
    baselines.set(target.id, result.baseline);
    return result;
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
      const { reason, message } = reading.error;
      return { kind: 'unreachable', at: now, target: view.target, reason, message, probes: {} };
    }
    return observed(view, now, read(view, reading));
  }

  return {
    observe: (targetIds, now) => {
      prune(baselines, pods);
      return Promise.all(targetIds.map((targetId) => observeOne(targetId, now)));
    },
  };
}

/** The first container of a pod stands for the network that all of them share; the node's own is nobody's. */
function networkOf({ pod, container }: PodView): 'own' | 'shared' | 'none' {
  if (pod.usesHostNetwork) return 'none';
  return pod.containers[0]?.name === container.name ? 'own' : 'shared';
}

function prune(baselines: Map<string, Baseline>, pods: Pods): void {
  if (baselines.size <= BASELINE_SLACK) return;
  const present = new Set(pods.targets().map(({ id }) => id));
  if (baselines.size <= present.size + BASELINE_SLACK) return;
  for (const id of baselines.keys()) if (!present.has(id)) baselines.delete(id);
}

function observed(
  { target, container, pod, changes, stopRequestedAt }: PodView,
  at: number,
  { resources, note }: { readonly resources: Resources; readonly note?: string | undefined },
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
