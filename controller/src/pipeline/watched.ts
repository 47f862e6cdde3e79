import type { Alert } from '../model/alert.ts';
import type { Observation } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';

/**
 * Whether a policy watches what it saw. A container that has never been seen running (it ended before anyone
 * looked, or was created and never started) is nobody's outage, unless the policy expects it by name.
 */
export function isWatched(policy: Policy, observation: Observation, seenRunning: ReadonlySet<string>): boolean {
  if (observation.kind === 'unreachable') return true;
  if (observation.state !== 'created' && observation.state !== 'exited' && observation.state !== 'dead') return true;
  return seenRunning.has(observation.target.id) || policy.expect.includes(observation.target.name);
}

/** More containers than one controller is made for, with those that came and went; past it the one idle for longest is forgotten. */
const MAX_REMEMBERED = 120_000;

/** Remembers which targets were seen running, for as long as there is room. */
export function noteRunning(seenRunning: Set<string>, targetId: string, maxRemembered: number = MAX_REMEMBERED): void {
  seenRunning.delete(targetId);
  seenRunning.add(targetId);
  const idlest = seenRunning.size > maxRemembered ? seenRunning.keys().next().value : undefined;
  if (idlest !== undefined) seenRunning.delete(idlest);
}

/** What an earlier process still had an alert about was watched by it, however long ago it ran. */
export function openTargets(alerts: readonly Alert[]): readonly string[] {
  return alerts.flatMap(({ state, target }) => (state === 'resolved' || target.kind === 'host' ? [] : [target.id]));
}
