import { createHash } from 'node:crypto';
import type { Container } from '../../model/container.ts';
import type { HostStatus } from '../../model/host.ts';
import type { Limits } from '../../model/target.ts';
import type { KubeObject, ObjectMeta, Resource } from '../../kube/client.ts';
import { timestamp } from '../schema/date-time.ts';
import { containerStatusOf, isReady, type ContainerStatus } from './container-status.ts';
import { containerNameOf, nodeNameOf, type NamedContainer } from './pod-names.ts';
import { podLabels } from './pod-labels.ts';

export const pods: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

/** A v1 Pod with one container, as far as Docker knows one. */
export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

export interface PodSpec {
  readonly nodeName: string;
  /** Every pod of a cluster has one: `kubectl debug` ends badly where it is missing. */
  readonly securityContext: Readonly<Record<string, never>>;
  readonly containers: readonly [
    { readonly name: string; readonly image: string; readonly resources: { readonly limits?: ResourceQuantities } },
  ];
}

export interface ResourceQuantities {
  readonly cpu?: string;
  readonly memory?: string;
}

export interface PodStatus {
  readonly phase: Phase;
  readonly message?: string;
  readonly startTime?: string;
  readonly conditions: readonly Condition[];
  readonly containerStatuses: readonly [ContainerStatus];
}

/** `Unknown` while the host of the container cannot be asked. */
export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A container as a pod. `host`: where it runs, if that is known. Nothing in it changes while the container does not. */
export function podOf({ container, namespace, name }: NamedContainer, host: HostStatus | undefined): Pod {
  const { target } = container;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(container, { namespace, name }),
    spec: {
      nodeName: nodeNameOf(target.host),
      securityContext: {},
      containers: [{ name: containerNameOf(target), image: target.image, resources: limitsOf(target.limits) }],
    },
    status: statusOf(container, host),
  };
}

function metadataOf(container: Container, place: { readonly namespace: string; readonly name: string }): ObjectMeta {
  const { target } = container;
  const createdAt = container.createdAt ?? container.startedAt;
  return {
    ...place,
    uid: uidOf(`${target.host} ${target.instance || target.id}`),
    ...(createdAt === undefined ? {} : { creationTimestamp: timestamp(createdAt) }),
    ...podLabels(target),
  };
}

function statusOf(container: Container, host: HostStatus | undefined): PodStatus {
  const containerStatus = containerStatusOf(container, host?.runtime ?? 'docker');
  if (host?.reachable === false) return { ...startTime(container), ...lost(containerStatus, host.message) };
  return {
    phase: phaseOf(container),
    ...startTime(container),
    conditions: conditionsOf(container),
    containerStatuses: [containerStatus],
  };
}

/** Its last known state, with nothing promised. */
function lost(last: ContainerStatus, message: string): PodStatus {
  const conditions = (['Ready', 'ContainersReady'] as const).map((type) => ({
    type,
    status: 'Unknown' as const,
    reason: 'NodeLost',
    message,
  }));
  return { phase: 'Unknown', message, conditions, containerStatuses: [{ ...last, ready: false }] };
}

function startTime({ startedAt }: Container): { readonly startTime?: string } {
  return startedAt === undefined ? {} : { startTime: timestamp(startedAt) };
}

function phaseOf({ state, exitCode = 0 }: Container): Phase {
  switch (state) {
    case 'created':
      return 'Pending';
    case 'running':
    case 'paused':
    case 'restarting':
      return 'Running';
    case 'exited':
      return exitCode === 0 ? 'Succeeded' : 'Failed';
    case 'dead':
    case 'missing':
      return 'Failed';
    default:
      return state satisfies never;
  }
}

function conditionsOf(container: Container): readonly Condition[] {
  const { createdAt, startedAt, finishedAt } = container;
  const created = at(createdAt ?? startedAt);
  const ready = { ...readiness(container), ...at(finishedAt ?? startedAt ?? createdAt) };
  return [
    { type: 'Initialized', status: 'True', ...created },
    { type: 'Ready', ...ready },
    { type: 'ContainersReady', ...ready },
    { type: 'PodScheduled', status: 'True', ...created },
  ];
}

function readiness(container: Container): Omit<Condition, 'type'> {
  if (isReady(container)) return { status: 'True' };
  if (phaseOf(container) === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  const message = `containers with unready status: [${containerNameOf(container.target)}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

function at(ms: number | undefined): { readonly lastTransitionTime?: string } {
  return ms === undefined ? {} : { lastTransitionTime: timestamp(ms) };
}

function limitsOf({ cpuCores, memoryBytes }: Limits): { readonly limits?: ResourceQuantities } {
  if (cpuCores === undefined && memoryBytes === undefined) return {};
  return {
    limits: {
      ...(cpuCores === undefined ? {} : { cpu: `${Math.round(cpuCores * 1000)}m` }),
      ...(memoryBytes === undefined ? {} : { memory: memoryQuantity(memoryBytes) }),
    },
  };
}

/** In the largest unit that says it exactly, as Kubernetes writes quantities. */
export function memoryQuantity(bytes: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'] as const;
  const exact = units.filter((_, power) => bytes > 0 && bytes % 1024 ** power === 0);
  const unit = exact.at(-1) ?? '';
  return `${bytes / 1024 ** units.indexOf(unit)}${unit}`;
}

/** The same for the same text, in the form of a UUID (version 8 of RFC 9562: of our own making). */
export function uidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
