import type { Clock } from '../../clock.ts';
import { errorMessage, FoghornError } from '../../errors.ts';
import type { Container, ContainerLinks } from '../../model/container.ts';
import type { Log } from '../../log.ts';
import type { HostStatus } from '../../model/host.ts';
import type { Runtime } from '../runtime.ts';
import { decodeNode } from './decode/node.ts';
import { decodePod } from './decode/pod.ts';
import type { Kubelets } from './kubelet.ts';
import type { CallLimits } from './node-look.ts';
import { createNodes, type Nodes } from './nodes.ts';
import { createObserver } from './observe.ts';
import { createPods, type PodView } from './pods.ts';

/** How often it is seen to that every node has been asked lately. */
const TEND_EVERY_MS = 5000;

/** Pods and nodes as list and watch give them; undecoded, for they are a cluster's text. */
export interface ClusterObjects {
  /** Begins to follow them; calls back for each that changed or went, and once when all have been listed. */
  start(listener: ClusterListener): void;
  stop(): Promise<void>;
  hasSynced(): boolean;
  /** Nodes may not be listed: of them no more is known than where pods are. */
  areNodesHidden(): boolean;
  pods(): readonly unknown[];
  nodes(): readonly unknown[];
}

export interface ClusterListener {
  pod(object: unknown, isGone: boolean): void;
  node(object: unknown, isGone: boolean): void;
}

export interface KubeletRuntimeDeps {
  /** First part of every target's id. */
  readonly cluster: string;
  readonly objects: ClusterObjects;
  readonly kubelets: Kubelets;
  /** How kubelets are asked; absent: as one process asks them. */
  readonly limits?: CallLimits | undefined;
  /** Until when another watched: what happened since is news at the first look. Absent: nothing before it is. */
  readonly watchedUntil?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The containers of a Kubernetes cluster: what they are and how they stand from the API server, what they use from the
 * kubelet of each node. A host is a node.
 */
export function createKubeletRuntime(deps: KubeletRuntimeDeps): Runtime {
  const { cluster, objects, kubelets, clock } = deps;
  const ended = new AbortController();
  const listeners: ((targetId: string) => void)[] = [];
  const pods = createPods(cluster);
  const nodes = createNodes({ ...deps, signal: ended.signal, areHidden: objects.areNodesHidden });
  const since = clock.now();
  let hasListed = false;

  /** What was there before the first look is taken over at once; what happened when somebody watched is no news. */
  function hasSynced(): boolean {
    if (hasListed || !objects.hasSynced()) return hasListed;
    hasListed = true;
    pods.replace(
      objects.pods().flatMap((pod) => decodePod(pod) ?? []),
      clock.now(),
      deps.watchedUntil,
    );
    nodes.replace(objects.nodes().flatMap((node) => decodeNode(node) ?? []));
    return true;
  }

  const observer = createObserver({ pods, nodes, hasSynced });
  const view = (targetId: string): PodView => {
    const found = pods.find(targetId);
    if (found === undefined) throw new FoghornError('NotFound', `no container ${targetId}`);
    return found;
  };
  const tell = (targetIds: readonly string[]): void => {
    for (const id of targetIds) for (const listener of listeners) listener(id);
  };
  function takePod(object: unknown, isGone: boolean): void {
    const pod = hasSynced() ? decodePod(object) : undefined;
    if (pod !== undefined) tell(isGone ? pods.remove(pod.uid, clock.now()) : pods.apply(pod, clock.now()));
  }
  function takeNode(object: unknown, isGone: boolean): void {
    const node = hasSynced() ? decodeNode(object) : undefined;
    if (node !== undefined) nodes.take(node, isGone);
  }
  const statuses = (): readonly HostStatus[] => (hasSynced() ? nodes.statuses() : [unlisted(cluster, since)]);
  let tending: Promise<void> | undefined;
  return {
    host: cluster,
    start() {
      tending ??= tend(nodes, { ...deps, hasSynced, signal: ended.signal });
      objects.start({ pod: takePod, node: takeNode });
    },
    stop: async () => {
      ended.abort(new Error('the runtime is stopping'));
      await Promise.all([objects.stop(), kubelets.close(), tending]);
    },
    hosts: statuses,
    targets: () => (hasSynced() ? pods.targets() : []),
    containers: () => pods.targets().flatMap(({ id }) => toContainer(pods.find(id))),
    observe: (targetIds, now) => observer.observe(targetIds, now),
    logs: async (targetId) => {
      const { pod, container } = view(targetId);
      const command = `kubectl logs -n ${pod.namespace} ${pod.name} -c ${container.name}`;
      throw new FoghornError('BadRequest', `the output of a pod is the API server's to show: ${command}`);
    },
    links: async (targetId) => linksOf(view(targetId)),
    onChange: (listener) => void listeners.push(listener),
  };
}

/** Asks the nodes that nobody looks at, until the signal aborts. */
async function tend(
  nodes: Nodes,
  {
    hasSynced,
    signal,
    clock,
    log,
  }: Pick<KubeletRuntimeDeps, 'clock' | 'log'> & { readonly hasSynced: () => boolean; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (hasSynced()) await nodes.tend(clock.now());
    } catch (thrown) {
      log.error({ err: thrown }, `asking idle nodes failed: ${errorMessage(thrown)}`);
    }
    await clock.sleep(TEND_EVERY_MS, signal).catch(() => undefined);
  }
}

function unlisted(host: string, since: number): HostStatus {
  const message = 'the API server has not listed pods and nodes yet';
  return { host, runtime: 'kubelet', since, reachable: false, reason: 'Starting', message };
}

function toContainer(found: PodView | undefined): readonly Container[] {
  if (found === undefined) return [];
  const { target, pod, container } = found;
  const { state, health, startedAt, finishedAt, exitCode, restarts, oomKilled } = container;
  return [{ target, state, health, createdAt: pod.createdAt, startedAt, finishedAt, exitCode, restarts, oomKilled }];
}

function linksOf({ pod, container }: PodView): ContainerLinks {
  return { ports: container.ports, networks: pod.ip === '' ? [] : [{ name: 'pod', address: pod.ip }] };
}
