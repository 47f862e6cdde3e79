import type { ContainerObservation, Observation, ProbeResult } from '../model/observation.ts';

/** Compose creates a container before it starts what it depends on: a database with a slow first start. */
const CREATION_GRACE_MS = 60_000;

/**
 * Deploys are quiet: somebody asked for this end a moment ago, or Compose has created the container and not started it
 * yet, so it may be about to come.
 */
export function isAboutToRun(
  { at, state, createdAt, stopRequestedAt }: ContainerObservation,
  stopGraceMs: number,
): boolean {
  if (state === 'running') return false;
  if (stopRequestedAt !== undefined && at - stopRequestedAt < stopGraceMs) return true;
  return state === 'created' && createdAt !== undefined && at - createdAt < CREATION_GRACE_MS;
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
  if (state === 'running') return startedAt !== undefined && at - startedAt < stopGraceMs;
  return isAboutToRun(observation, stopGraceMs);
}

function withoutLatency({ latencyMs: _latencyMs, ...result }: ProbeResult): ProbeResult {
  return result;
}
