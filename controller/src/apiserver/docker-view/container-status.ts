import type { Container } from '../../model/container.ts';
import type { HostStatus } from '../../model/host.ts';
import { timestamp } from '../schema/date-time.ts';
import { containerNameOf } from './pod-names.ts';

/** `status.containerStatuses[]` of a v1 Pod, as far as Docker knows it. */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}

export interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly terminated?: Terminated;
}

export interface Terminated {
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** @param runtime what runs it: the scheme of `containerID` */
export function containerStatusOf(container: Container, runtime: HostStatus['runtime']): ContainerStatus {
  const { target, state, restarts } = container;
  return {
    name: containerNameOf(target),
    image: target.image,
    imageID: '',
    containerID: target.instance === '' ? '' : `${runtime}://${target.instance}`,
    ready: isReady(container),
    started: state === 'running' || state === 'paused',
    restartCount: restarts,
    state: stateOf(container),
    lastState: state === 'restarting' ? { terminated: terminatedOf(container) } : {},
  };
}

/** Runs, and its health check, if it has one, says so. */
export function isReady({ state, health }: Container): boolean {
  return state === 'running' && (health === 'none' || health === 'healthy');
}

function stateOf(container: Container): ContainerState {
  switch (container.state) {
    case 'running':
      return { running: timesOf({ startedAt: container.startedAt }) };
    case 'paused':
      return { waiting: { reason: 'Paused', message: 'the container is paused; docker unpause lets it go on' } };
    case 'created':
      return { waiting: { reason: 'Created', message: 'the container was created and not started' } };
    case 'restarting':
      return { waiting: { reason: 'CrashLoopBackOff', message: backOffMessage(container) } };
    case 'exited':
    case 'dead':
    case 'missing':
      return { terminated: terminatedOf(container) };
    default:
      return container.state satisfies never;
  }
}

function backOffMessage({ exitCode = 0 }: Container): string {
  return `it ended with exit code ${exitCode}, and Docker waits longer before each restart`;
}

function terminatedOf(container: Container): Terminated {
  const { exitCode = 0, startedAt, finishedAt } = container;
  return {
    exitCode,
    reason: endReason(container),
    ...timesOf({ startedAt, finishedAt }),
  };
}

function endReason({ oomKilled, exitCode = 0, state }: Container): string {
  if (oomKilled && exitCode !== 0) return 'OOMKilled';
  return exitCode === 0 && state !== 'dead' ? 'Completed' : 'Error';
}

function timesOf({ startedAt, finishedAt }: Pick<Container, 'startedAt' | 'finishedAt'>) {
  return {
    ...(startedAt === undefined ? {} : { startedAt: timestamp(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: timestamp(finishedAt) }),
  };
}
