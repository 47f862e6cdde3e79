import type { ContainerState, Health } from '../../../model/observation.ts';
import { amount, integer, isObject, list, object, text, texts, timeMs } from '../../json.ts';
import type { Allowance } from '../../sample.ts';
import { parseQuantity } from './quantity.ts';

/** What the API server tells of a pod, as far as watching needs it. Holds nothing of its environment. */
export interface PodFacts {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty while no node has been found for it. */
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: Owner | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Set while it is being removed: when it must be gone. */
  readonly deletionAt?: number | undefined;
  readonly phase: string;
  /** Its containers are not started again when they end well: a Job's, or one that says so. */
  readonly isMeantToEnd: boolean;
  /** It shares the node's network, whose traffic is not its own. */
  readonly usesHostNetwork: boolean;
  readonly ip: string;
  readonly containers: readonly PodContainer[];
}

/** The object that made a pod. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  /** Digest of what runs; empty before the first start. */
  readonly imageId: string;
  readonly allowance: Allowance;
  readonly ports: readonly { readonly protocol: string; readonly containerPort: number }[];
  readonly state: ContainerState;
  readonly health: Health;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  readonly exitCode?: number | undefined;
  readonly restarts: number;
  /** The last end was for lack of memory. */
  readonly oomKilled: boolean;
  /** How the run before the present one ended; absent for the first run. */
  readonly lastEnd?: ContainerEnd | undefined;
  /** Why it waits ("ImagePullBackOff: ..."), for people; empty when it does not. */
  readonly waiting: string;
}

export interface ContainerEnd {
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly finishedAt: number;
}

const MAX_CONTAINERS = 128;
const MAX_PORTS = 64;

/** A pod as list and watch give it; undefined when it is none. */
export function decodePod(value: unknown): PodFacts | undefined {
  const metadata = object(object(value)['metadata']);
  const spec = object(object(value)['spec']);
  const status = object(object(value)['status']);
  const uid = text(metadata['uid']);
  const name = text(metadata['name']);
  if (uid === '' || name === '') return undefined;
  const owner = decodeOwner(metadata['ownerReferences']);
  const statuses = list(status['containerStatuses'], MAX_CONTAINERS).map(object);
  return {
    uid,
    name,
    namespace: text(metadata['namespace']),
    node: text(spec['nodeName']),
    labels: texts(metadata['labels']),
    owner,
    createdAt: timeMs(metadata['creationTimestamp']) ?? 0,
    deletionAt: timeMs(metadata['deletionTimestamp']),
    phase: text(status['phase']),
    isMeantToEnd: owner?.kind === 'Job' || (spec['restartPolicy'] !== undefined && spec['restartPolicy'] !== 'Always'),
    usesHostNetwork: spec['hostNetwork'] === true,
    ip: text(status['podIP']),
    containers: list(spec['containers'], MAX_CONTAINERS).map((container) =>
      decodeContainer(object(container), statuses),
    ),
  };
}

/** The one that manages it. A static pod's is its node, which is no workload. */
function decodeOwner(value: unknown): Owner | undefined {
  const managing = list(value, MAX_CONTAINERS)
    .map(object)
    .find((reference) => reference['controller'] === true);
  if (managing === undefined || managing['kind'] === 'Node') return undefined;
  const owner = { kind: text(managing['kind']), name: text(managing['name']) };
  return owner.kind === '' || owner.name === '' ? undefined : owner;
}

type Fields = Readonly<Record<string, unknown>>;

function decodeContainer(spec: Fields, statuses: readonly Fields[]): PodContainer {
  const name = text(spec['name']);
  const status = statuses.find((one) => one['name'] === name) ?? {};
  const limits = object(object(spec['resources'])['limits']);
  const end = decodeEnd(object(status['state'])['terminated']);
  const lastEnd = decodeEnd(object(status['lastState'])['terminated']);
  return {
    name,
    image: text(spec['image']),
    imageId: text(status['imageID']),
    allowance: { cpuCores: parseQuantity(limits['cpu']), memoryBytes: parseQuantity(limits['memory']) },
    ports: list(spec['ports'], MAX_PORTS).map(object).flatMap(decodePort),
    restarts: amount(status['restartCount']) ?? 0,
    lastEnd,
    ...decodeState(object(status['state']), end ?? lastEnd),
    health: decodeHealth(spec, status),
  };
}

function decodePort(port: Fields): readonly { readonly protocol: string; readonly containerPort: number }[] {
  const containerPort = amount(port['containerPort']);
  return containerPort === undefined
    ? []
    : [{ protocol: text(port['protocol']).toLowerCase() || 'tcp', containerPort }];
}

type StateFacts = Pick<PodContainer, 'state' | 'startedAt' | 'finishedAt' | 'exitCode' | 'oomKilled' | 'waiting'>;

function decodeState(state: Fields, end: ContainerEnd | undefined): StateFacts {
  const ended = { finishedAt: end?.finishedAt, exitCode: end?.exitCode, oomKilled: end?.oomKilled ?? false };
  if (isObject(state['running'])) {
    const startedAt = timeMs(state['running']['startedAt']);
    return { state: 'running', startedAt, oomKilled: ended.oomKilled, waiting: '' };
  }
  if (isObject(state['terminated'])) {
    return { state: 'exited', startedAt: timeMs(state['terminated']['startedAt']), ...ended, waiting: '' };
  }
  const { reason, message } = object(state['waiting']);
  const waiting = [text(reason), text(message)].filter((part) => part !== '').join(': ');
  return { state: end === undefined ? 'created' : 'restarting', ...ended, waiting };
}

function decodeEnd(value: unknown): ContainerEnd | undefined {
  if (!isObject(value)) return undefined;
  return {
    exitCode: integer(value['exitCode']) ?? 0,
    oomKilled: value['reason'] === 'OOMKilled',
    finishedAt: timeMs(value['finishedAt']) ?? 0,
  };
}

/** A container with a readiness probe: unhealthy while it runs, has started and is not ready. */
function decodeHealth(spec: Fields, status: Fields): Health {
  if (!isObject(spec['readinessProbe']) || !isObject(object(status['state'])['running'])) return 'none';
  if (status['ready'] === true) return 'healthy';
  return status['started'] === true ? 'unhealthy' : 'starting';
}
