import type { HostStatus } from '../../model/host.ts';
import type { KubeObject, Resource } from '../../kube/client.ts';
import { timestamp } from '../schema/date-time.ts';
import { memoryQuantity, uidOf, type Condition, type ResourceQuantities } from './pod.ts';
import { nodeNameOf } from './pod-names.ts';

export const nodes: Resource = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };

/** A v1 Node, as far as a Docker engine tells of its host. */
export interface Node extends KubeObject {
  readonly spec: Readonly<Record<string, never>>;
  readonly status: NodeStatus;
}

export interface NodeStatus {
  /** Absent while the host cannot be asked. */
  readonly capacity?: ResourceQuantities;
  readonly allocatable?: ResourceQuantities;
  readonly conditions: readonly Condition[];
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly nodeInfo: NodeInfo;
}

/** `kubeletVersion` is what `kubectl get nodes` shows as VERSION: here the engine's. */
export interface NodeInfo {
  readonly kubeletVersion: string;
  readonly containerRuntimeVersion: string;
}

/** A host as a node. */
export function nodeOf(host: HostStatus): Node {
  const name = nodeNameOf(host.host);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: uidOf(`host ${host.host}`), labels: { 'kubernetes.io/hostname': name.slice(0, 63) } },
    spec: {},
    status: {
      ...sizeOf(host),
      conditions: [{ type: 'Ready', ...readiness(host), ...sinceOf(host) }],
      addresses: [{ type: 'Hostname', address: name }],
      nodeInfo: infoOf(host),
    },
  };
}

function sizeOf(host: HostStatus): Pick<NodeStatus, 'capacity' | 'allocatable'> {
  if (!host.reachable || host.cpus === 0) return {};
  const size = { cpu: String(host.cpus), memory: memoryQuantity(host.memoryBytes) };
  return { capacity: size, allocatable: size };
}

function readiness(host: HostStatus): Omit<Condition, 'type'> {
  if (host.reachable) return { status: 'True', reason: 'EngineReady', message: `readings come from ${host.source}` };
  const { reason, message } = host;
  return { status: reason === 'Starting' ? 'Unknown' : 'False', reason, message };
}

/** No time of a heartbeat: an object that changed with every look would wake its watchers for nothing. */
function sinceOf({
  since,
}: HostStatus): Pick<Condition, 'lastTransitionTime'> & { readonly lastHeartbeatTime: string } {
  return { lastHeartbeatTime: timestamp(since), lastTransitionTime: timestamp(since) };
}

function infoOf(host: HostStatus): NodeInfo {
  const version = host.reachable ? host.engineVersion : '';
  if (version === '') return { kubeletVersion: '', containerRuntimeVersion: '' };
  return { kubeletVersion: version, containerRuntimeVersion: `${host.runtime}://${version}` };
}
