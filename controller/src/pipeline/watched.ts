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

/** What an earlier process still had an alert about was watched by it, however long ago it ran. */
export function openTargets(alerts: readonly Alert[]): readonly string[] {
  return alerts.flatMap(({ state, target }) => (state === 'resolved' || target.kind === 'host' ? [] : [target.id]));
}
