import { MAX_AHEAD_MS, type ContainerObservation, type Observation, type ProbeResult } from '../model/observation.ts';

/** Compose creates a container before it starts what it depends on: a database with a slow first start. */
const CREATION_GRACE_MS = 60_000;
/** The engine mends a first crash within 0.1 s and the time of a start; when it waits longer it has seen crash after crash. */
const POLICY_RESTART_GRACE_MS = 5000;
/** The engine, too, takes a start for a success when it has lasted so long. */
const PROVEN_AFTER_MS = 10_000;

/**
 * Deploys are quiet: until then the container may come back, for somebody asked for its end a moment ago, or Compose has
 * created it and not started it yet, or the engine is about to start it again. Undefined for one that is not awaited.
 */
function graceEndsAt(
  { at, state, createdAt, stopRequestedAt, changes }: ContainerObservation,
  stopGraceMs: number,
): number | undefined {
  if (state === 'running') return undefined;
  const crashedAt = state === 'restarting' ? changes.findLast(({ kind }) => kind === 'crashed')?.at : undefined;
  const graces = [
    { from: stopRequestedAt, ms: stopGraceMs },
    { from: state === 'created' ? createdAt : undefined, ms: CREATION_GRACE_MS },
    { from: crashedAt, ms: POLICY_RESTART_GRACE_MS },
  ];
  const ends = graces.flatMap(({ from, ms }) => (from === undefined || from > at + MAX_AHEAD_MS ? [] : [from + ms]));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** Whether it does not run and its grace time has not passed. */
export function isAboutToRun(observation: ContainerObservation, stopGraceMs: number): boolean {
  const endsAt = graceEndsAt(observation, stopGraceMs);
  return endsAt !== undefined && observation.at < endsAt;
}

/**
 * Until when nobody can say whether it is up: its grace time has not passed, or the engine started it again after a crash,
 * and in a loop it will crash again. Undefined when that is plain.
 */
export function undecidedUntil(observation: ContainerObservation, stopGraceMs: number): number | undefined {
  const { at, state, restarts, startedAt } = observation;
  const isStartedAgain = state === 'running' && restarts > 0 && startedAt !== undefined && startedAt <= at;
  const until = isStartedAgain ? startedAt + PROVEN_AFTER_MS : graceEndsAt(observation, stopGraceMs);
  return until !== undefined && at < until ? until : undefined;
}

/**
 * The observation as rules may judge it: while the container is about to come back, or began to run a moment ago,
 * a probe that fails proves nothing, and the latency of one that succeeds is that of a start.
 */
export function withSettledProbes(observation: Observation, stopGraceMs: number): Observation {
  if (observation.kind === 'unreachable' || !isSettling(observation, stopGraceMs)) return observation;
  const probes = Object.entries(observation.probes).flatMap(([name, result]) =>
    result.up ? [[name, withoutLatency(result)] as const] : [],
  );
  return { ...observation, probes: Object.fromEntries(probes) };
}

function isSettling(observation: ContainerObservation, stopGraceMs: number): boolean {
  const { at, state, startedAt } = observation;
  if (state === 'running')
    return startedAt !== undefined && startedAt <= at + MAX_AHEAD_MS && at - startedAt < stopGraceMs;
  return isAboutToRun(observation, stopGraceMs);
}

function withoutLatency({ latencyMs: _latencyMs, ...result }: ProbeResult): ProbeResult {
  return result;
}
