import {
  changeKinds,
  changesAfter,
  type ContainerObservation,
  type Observation,
  type ProbeResult,
  type Resources,
  type UnreachableObservation,
} from '../model/observation.ts';
import type { RecentSamples } from '../model/metrics.ts';
import type { Target } from '../model/target.ts';
import { objectOf } from './environment.ts';
import type { Variables } from './expression.ts';
import { undecidedUntil } from './settling.ts';
import { createWindowReader, WINDOW_READER, type WindowReader } from './windows.ts';

/** What rules are judged on: one look at one target, and what led up to it. */
export interface Evidence {
  readonly observation: Observation;
  /** `at` of the last observation of this target that this policy's rules have judged and that was not unreachable. */
  readonly previousAt: number | undefined;
  readonly recent: RecentSamples;
  readonly loadtest?: LoadTestFact | undefined;
  readonly stopGraceMs: number;
  readonly now: number;
  /** Variables that are not known here, though the observation must say something of them: of a recorded look. */
  readonly withheld?: ReadonlySet<string> | undefined;
}

/** The load test that is driving the target now. */
export interface LoadTestFact {
  readonly name: string;
  /** Requests a second. */
  readonly rate: number;
}

const readings: Readonly<Record<string, keyof Resources>> = {
  cpu: 'cpuPercent',
  cpuCores: 'cpuCores',
  memory: 'memoryPercent',
  memoryBytes: 'memoryBytes',
  memoryLimitBytes: 'memoryLimitBytes',
  networkReceiveRate: 'networkReceiveRate',
  networkTransmitRate: 'networkTransmitRate',
  diskReadRate: 'diskReadRate',
  diskWriteRate: 'diskWriteRate',
};

/** The variables of every rule about this target; what has no true value is absent, and {@link reasonMissing} says why. */
export function variablesOf(evidence: Evidence): Variables {
  const variables = allVariablesOf(evidence);
  const { withheld } = evidence;
  if (withheld === undefined) return variables;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !withheld.has(name)));
}

function allVariablesOf(evidence: Evidence): Variables {
  const { observation } = evidence;
  const always = { container: containerOf(observation.target), probes: probesOf(observation.probes) };
  if (observation.kind === 'unreachable') {
    const reader: WindowReader = () => unreachableReason(observation);
    return { ...always, [WINDOW_READER]: reader };
  }
  return {
    ...always,
    ...stateOf(observation, evidence),
    ...resourcesOf(observation),
    ...changesOf(observation, evidence.previousAt),
    loadtest: loadtestOf(evidence.loadtest),
    [WINDOW_READER]: createWindowReader(evidence.recent, evidence.now),
  };
}

function containerOf(target: Target): object {
  const { name, instance, image, host, namespace, labels } = target;
  return objectOf('Container', { name, id: instance, image, host, namespace, labels });
}

function probesOf(results: Readonly<Record<string, ProbeResult>>): object {
  const probes: Record<string, object> = {};
  for (const name in results) {
    const result = results[name];
    if (result !== undefined) probes[name] = probeOf(result);
  }
  return objectOf('Probes', probes);
}

function probeOf({ up, status, latencyMs, value, error }: ProbeResult): object {
  return objectOf('Probe', {
    up,
    error: error?.message ?? '',
    ...(status !== undefined && { status: BigInt(Math.trunc(status)) }),
    ...(latencyMs !== undefined && { latency: latencyMs / 1000 }),
    ...(value !== undefined && { value }),
  });
}

function stateOf(observation: ContainerObservation, evidence: Evidence): Variables {
  const { state, health, restarts, exitCode, startedAt, at } = observation;
  const running = state === 'running';
  const isDecided = undecidedUntil(observation, evidence.stopGraceMs) === undefined;
  return {
    state,
    health,
    restarts: BigInt(Math.trunc(restarts)),
    ...(isDecided && { up: running }),
    ...(running && startedAt !== undefined && { uptime: Math.max(0, at - startedAt) / 1000 }),
    ...(!running && exitCode !== undefined && { exitCode: BigInt(Math.trunc(exitCode)) }),
  };
}

function resourcesOf({ resources }: ContainerObservation): Variables {
  const found: Record<string, unknown> = {};
  for (const name in readings) {
    const value = resources[readings[name] ?? 'cpuPercent'];
    if (value !== undefined && Number.isFinite(value)) found[name] = value;
  }
  if (resources.processes !== undefined) found['processes'] = BigInt(Math.trunc(resources.processes));
  return found;
}

/** A first look has no earlier one: only what was noticed with it is new. */
function changesOf(observation: ContainerObservation, previousAt = observation.at - 1): Variables {
  const marks: Record<string, boolean> = {};
  for (const kind of changeKinds) marks[kind] = false;
  for (const { kind } of changesAfter(observation, previousAt)) marks[kind] = true;
  return marks;
}

function loadtestOf(loadtest: LoadTestFact | undefined): object {
  return objectOf('LoadTest', {
    running: loadtest !== undefined,
    rate: loadtest?.rate ?? 0,
    name: loadtest?.name ?? '',
  });
}

/** Why the variable or field at `path` has no value, for people. */
export function reasonMissing(path: readonly string[], observation: Observation): string {
  const [root = '', field = '', name = ''] = path;
  if (root === 'probes') return reasonNoProbe(field, name, observation.probes[field]);
  if (root === 'container') return `container has no label "${name}"`;
  if (observation.kind === 'unreachable') return unreachableReason(observation);
  const { state, note } = observation;
  if (root === 'up') return reasonUndecided(state);
  if (root === 'exitCode') return `exitCode: ${state === 'running' ? 'the container has not ended' : 'not reported'}`;
  if (state !== 'running') return `${root}: no reading: the container is ${state}`;
  return note === undefined ? `${root}: no reading` : `${root}: no reading: ${note}`;
}

function reasonUndecided(state: ContainerObservation['state']): string {
  return state === 'running'
    ? 'started again by the engine a moment ago, after a crash'
    : 'just created, crashed with a restart policy, or stopped on request: within its grace time';
}

function reasonNoProbe(probe: string, field: string, result: ProbeResult | undefined): string {
  if (result === undefined) return `probe ${probe} has no result of this run yet`;
  if (result.latencyMs !== undefined) return `probe ${probe} gave no ${field}`;
  return `probe ${probe} got no answer: ${result.error?.message ?? 'no reason given'}`;
}

function unreachableReason({ reason, message, target }: UnreachableObservation): string {
  if (reason === 'HostUnreachable') return `host ${target.host} unreachable: ${message}`;
  return `container could not be looked at: ${message}`;
}
