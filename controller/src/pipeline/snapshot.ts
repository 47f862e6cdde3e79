import type { Alert } from '../model/alert.ts';
import type { Observation } from '../model/observation.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { PolicySnapshot } from '../model/snapshot.ts';

/** Worst severity that fires among these alerts. */
export function highestFiring(alerts: readonly Alert[]): Severity | undefined {
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ severity }) => severity)
    .sort(compareSeverity)
    .at(-1);
}

/** How the targets of a policy are: an ended or missing container is down, one that could not be looked at neither. */
export function countTargets(observations: readonly Observation[]): PolicySnapshot['targets'] {
  const unreachable = observations.filter(({ kind }) => kind === 'unreachable').length;
  const up = observations.filter((seen) => seen.kind === 'observed' && seen.state === 'running').length;
  return { matched: observations.length, up, unreachable, down: observations.length - up - unreachable };
}

export function countAlerts(alerts: readonly Alert[], unknown: number): PolicySnapshot['alerts'] {
  return {
    pending: alerts.filter(({ state }) => state === 'pending').length,
    firing: alerts.filter(({ state }) => state === 'firing').length,
    unknown,
    highestSeverity: highestFiring(alerts),
  };
}
