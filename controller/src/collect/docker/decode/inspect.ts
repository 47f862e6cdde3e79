import type { ContainerState, Health } from '../../../model/observation.ts';
import { amount, integer, isObject, list, object, text, texts, timeMs } from '../../json.ts';
import type { Allowance, NetworkKind } from '../../sample.ts';
import { fingerprintConfig, type Fingerprint } from './fingerprint.ts';

/** What one inspect tells of a container. Holds nothing of its environment variables but a digest. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  /** Reference it was created with, and the digest that stood for then. */
  readonly image: string;
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerState;
  readonly health: Health;
  /** Epoch milliseconds, the engine's clock, as all times here. */
  readonly createdAt: number;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  /** Of an ended run; absent while it runs. */
  readonly exitCode?: number | undefined;
  readonly restartCount: number;
  readonly oomKilled: boolean;
  /** Process id on the engine's host; 0 when it does not run. */
  readonly pid: number;
  readonly allowance: Allowance;
  readonly network: NetworkKind;
  readonly cgroupParent: string;
  /** Signal that `docker stop` sends first; "SIGTERM" unless the image says otherwise. */
  readonly stopSignal: string;
  /** After which ends the engine starts it again by itself; for `on-failure`, as often as was asked for. */
  readonly restartPolicy: 'no' | 'on-failure' | 'always';
  readonly fingerprint: Fingerprint;
}

/** Body of `GET /containers/{id}/json`; undefined when it is none. */
export function decodeInspect(body: unknown): ContainerFacts | undefined {
  const fields = object(body);
  const id = text(fields['Id']);
  const name = text(fields['Name']).replace(/^\//, '');
  if (id === '' || name === '' || !isObject(fields['State'])) return undefined;
  const config = object(fields['Config']);
  const hostConfig = object(fields['HostConfig']);
  return {
    id,
    name,
    image: text(config['Image']),
    imageId: text(fields['Image']),
    labels: texts(config['Labels']),
    createdAt: timeMs(fields['Created']) ?? 0,
    restartCount: amount(fields['RestartCount']) ?? 0,
    ...decodeState(fields['State']),
    allowance: decodeAllowance(hostConfig),
    network: networkKind(text(hostConfig['NetworkMode'])),
    cgroupParent: text(hostConfig['CgroupParent']),
    stopSignal: text(config['StopSignal']) || 'SIGTERM',
    restartPolicy: decodeRestartPolicy(hostConfig['RestartPolicy']),
    fingerprint: fingerprintConfig(config, hostConfig),
  };
}

type StateFacts = Pick<
  ContainerFacts,
  'state' | 'health' | 'startedAt' | 'finishedAt' | 'exitCode' | 'oomKilled' | 'pid'
>;

function decodeState(value: unknown): StateFacts {
  const fields = object(value);
  const state = containerState(text(fields['Status']));
  const runs = state === 'running' || state === 'paused';
  return {
    state,
    health: runs ? healthState(object(fields['Health'] ?? fields['Healthcheck'])['Status']) : 'none',
    startedAt: timeMs(fields['StartedAt']),
    finishedAt: runs ? undefined : timeMs(fields['FinishedAt']),
    exitCode: runs ? undefined : integer(fields['ExitCode']),
    oomKilled: fields['OOMKilled'] === true,
    pid: runs ? (amount(fields['Pid']) ?? 0) : 0,
  };
}

function decodeRestartPolicy(value: unknown): ContainerFacts['restartPolicy'] {
  const name = text(object(value)['Name']);
  if (name === 'always' || name === 'unless-stopped') return 'always';
  return name === 'on-failure' ? name : 'no';
}

/** Words of Docker, and of podman where they differ. */
const STATES: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  configured: 'created',
  initialized: 'created',
  running: 'running',
  stopping: 'running',
  paused: 'paused',
  restarting: 'restarting',
  exited: 'exited',
  stopped: 'exited',
  removing: 'exited',
  dead: 'dead',
};

function containerState(word: string): ContainerState {
  return STATES[word] ?? 'dead';
}

function healthState(word: unknown): Health {
  return word === 'starting' || word === 'healthy' || word === 'unhealthy' ? word : 'none';
}

function networkKind(mode: string): NetworkKind {
  if (mode === 'host' || mode === 'none') return 'none';
  return mode.startsWith('container:') ? 'shared' : 'own';
}

const DEFAULT_CPU_PERIOD_US = 100_000;

/** The least of all CPU limits that are set: --cpus, --cpu-quota, --cpuset-cpus. Shares are no limit. */
function decodeAllowance(hostConfig: Readonly<Record<string, unknown>>): Allowance {
  const nano = amount(hostConfig['NanoCpus']) ?? 0;
  const quota = amount(hostConfig['CpuQuota']) ?? 0;
  const period = (amount(hostConfig['CpuPeriod']) ?? 0) || DEFAULT_CPU_PERIOD_US;
  const limits = [nano / 1e9, quota / period, countCpus(text(hostConfig['CpusetCpus']))].filter((cores) => cores > 0);
  const memory = amount(hostConfig['Memory']) ?? 0;
  return {
    cpuCores: limits.length === 0 ? undefined : Math.min(...limits),
    memoryBytes: memory > 0 ? memory : undefined,
  };
}

const MAX_CPU_RANGES = 1024;

/** Size of a set such as "0-2,7"; 0 when it is empty or unreadable. */
export function countCpus(set: string): number {
  const ranges = list(set.split(','), MAX_CPU_RANGES).map((range) => /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text(range)));
  return ranges.reduce((sum, range) => {
    if (range === null) return sum;
    const first = Number(range[1]);
    return sum + Math.max(0, Number(range[2] ?? first) - first + 1);
  }, 0);
}
