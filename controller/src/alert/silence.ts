import type { Alert } from '../model/alert.ts';
import { matchesAnyGlob, matchesSelector } from '../model/selector.ts';
import type { Silence, SilenceState } from '../model/silence.ts';
import type { Target } from '../model/target.ts';
import { isWithinWindow } from './weekly-window.ts';

/** Where a silence stands; one with a schedule is pending between two of its windows. */
export function silenceState({ startsAt, endsAt, schedule }: Silence, now: number): SilenceState {
  if (endsAt !== undefined && now >= endsAt) return 'Expired';
  if (now < startsAt) return 'Pending';
  return schedule === undefined || isWithinWindow(schedule, now) ? 'Active' : 'Pending';
}

/** Whether a silence is about an alert whose target has these labels. What asks for a container is not about a host. */
export function matchesSilence(silence: Silence, alert: Alert, labels: Target['labels']): boolean {
  const { namespace, policies, rules, severities, targetSelector, containerNames } = silence;
  const [policyNamespace, policyName = ''] = alert.policy.split('/');
  const asksForContainer = targetSelector !== undefined || containerNames.length > 0;
  return (
    namespace === policyNamespace &&
    includes(policies, policyName) &&
    includes(rules, alert.rule) &&
    includes(severities, alert.severity) &&
    !(asksForContainer && alert.target.kind === 'host') &&
    matchesAnyGlob(containerNames, alert.target.name) &&
    (targetSelector === undefined || matchesSelector(targetSelector, labels))
  );
}

function includes<T>(wanted: readonly T[], value: T): boolean {
  return wanted.length === 0 || wanted.includes(value);
}
