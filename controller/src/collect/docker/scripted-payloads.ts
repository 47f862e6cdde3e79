import { object } from '../json.ts';
import { recordedJson, type RecordedEngine } from './recorded.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export interface ContainerOverride {
  readonly config?: JsonObject;
  readonly hostConfig?: JsonObject;
  readonly image?: string;
}

/** A container of a scripted engine. */
export interface Scripted {
  readonly id: string;
  readonly name: string;
  readonly over: ContainerOverride;
  running: boolean;
  startedAt: number;
  finishedAt: number | undefined;
  exitCode: number;
}

/** Nanoseconds of CPU time for a millisecond of a running container. */
const CPU_NS_PER_MS = 250_000;

/** A recorded inspect, with the state of this container. */
export function inspectBody(recording: RecordedEngine, container: Scripted): unknown {
  const { id, name, over, running, startedAt, finishedAt, exitCode } = container;
  const recorded = object(recordedJson(recording, 'states/nolimit/inspect.json'));
  const state = {
    Status: running ? 'running' : 'exited',
    Pid: running ? 1 : 0,
    ExitCode: running ? 0 : exitCode,
    StartedAt: new Date(startedAt).toISOString(),
    FinishedAt: finishedAt === undefined ? '0001-01-01T00:00:00Z' : new Date(finishedAt).toISOString(),
  };
  const config = { ...object(recorded['Config']), ...over.config };
  const hostConfig = { ...object(recorded['HostConfig']), ...over.hostConfig };
  const fixed = { Id: id, Name: `/${name}`, Image: over.image ?? recorded['Image'], RestartCount: 0 };
  return { ...recorded, ...fixed, State: state, Config: config, HostConfig: hostConfig };
}

/** Recorded stats, read now, with a CPU counter that moves. */
export function statsBody(recording: RecordedEngine, container: Scripted, now: number): unknown {
  if (!container.running) return recordedJson(recording, 'states/exit0/stats-oneshot-1.json');
  const recorded = object(recordedJson(recording, 'states/nolimit/stats-oneshot-1.json'));
  const total = (now - container.startedAt) * CPU_NS_PER_MS;
  const cpu = { ...object(recorded['cpu_stats']), cpu_usage: { total_usage: total } };
  return { ...recorded, read: new Date(now).toISOString(), cpu_stats: cpu };
}
