import type { Alert } from '../model/alert.ts';
import type { Silence } from '../model/silence.ts';
import { compareSeverity } from '../model/severity.ts';
import type { Target } from '../model/target.ts';
import type { NotifyPolicy } from './due.ts';
import { findInhibitors } from './inhibit.ts';
import type { Addresses } from './plan.ts';
import { readersOf } from './readers.ts';
import { matchesSilence, silenceState } from './silence.ts';
import { isOwed } from './told.ts';

/** Why nothing is told about an alert for now. */
export interface Holds {
  readonly silencedBy?: string | undefined;
  readonly inhibitedBy?: string | undefined;
}

export interface HoldInput {
  readonly alerts: readonly Alert[];
  readonly policies: ReadonlyMap<string, NotifyPolicy>;
  readonly defaults: Addresses;
  readonly silences: readonly Silence[];
  /** Labels of the container that an alert is about, as they were last seen. */
  readonly labelsOf: (alert: Alert) => Target['labels'];
  /** Name under which people find an alert. */
  readonly nameOf: (alert: Alert) => string;
  readonly now: number;
}

export interface Held {
  /** By alert key; what is not here may be told. */
  readonly holds: ReadonlyMap<string, Holds>;
  /** How many firing alerts each silence that is active holds back, by its key. */
  readonly matched: ReadonlyMap<string, number>;
}

/** What is silenced and what another alert explains, now. */
export function findHolds(input: HoldInput): Held {
  const { alerts, policies, defaults, nameOf, labelsOf, now } = input;
  const active = input.silences.filter((silence) => silenceState(silence, now) === 'Active');
  const matched = new Map(active.map(({ key }) => [key, 0]));
  const silenced = alerts.map((alert) => {
    if (active.length === 0 || !mayBeTold(alert)) return withoutSilence(alert);
    const matching = active.filter((silence) => matchesSilence(silence, alert, labelsOf(alert)));
    if (alert.state === 'firing') for (const { key } of matching) matched.set(key, (matched.get(key) ?? 0) + 1);
    return { ...alert, silencedBy: matching[0]?.name };
  });
  const inhibitors = findInhibitors(silenced, ({ policy, severity }) => {
    const notify = policies.get(policy)?.notify;
    if (notify === undefined || compareSeverity(severity, notify.minSeverity) < 0) return undefined;
    return readersOf(notify, defaults.to, severity);
  });
  const holds = new Map<string, Holds>();
  for (const alert of silenced) {
    const { key, silencedBy } = alert;
    const inhibitor = inhibitors.get(key);
    const inhibitedBy = inhibitor === undefined ? lingering(alert, now) : nameOf(inhibitor);
    if (silencedBy !== undefined || inhibitedBy !== undefined) holds.set(key, { silencedBy, inhibitedBy });
  }
  return { holds, matched };
}

/** How long what explained an alert still holds it back, while nobody can say whether the alert is still true. */
const DOUBT_MS = 60_000;

/**
 * What explained it is over, and it has not been judged since: the probe of a container that was just started again has
 * failed before, and is not looked at until the container has had time to start.
 */
function lingering(alert: Alert, now: number): string | undefined {
  if (alert.state !== 'firing' || alert.eventLike) return undefined;
  const isInDoubt = alert.levels.every(
    ({ unknownSince }) => unknownSince !== undefined && now - unknownSince < DOUBT_MS,
  );
  return isInDoubt ? alert.inhibitedBy : undefined;
}

function withoutSilence(alert: Alert): Alert {
  return alert.silencedBy === undefined ? alert : { ...alert, silencedBy: undefined };
}

function mayBeTold(alert: Alert): boolean {
  return alert.state === 'firing' || (alert.state === 'resolved' && isOwed(alert));
}
