import type { LiveView } from './live/live-view.ts';

export type Badge = 'critical' | 'warning' | 'info' | 'ok' | 'unknown';

export interface TabFace {
  readonly badge: Badge;
  readonly title: string;
}

/** What the tab says, so that a glance at it is enough. `place` is the view that is open. */
export function tabFace(view: LiveView | undefined, isStale: boolean, place: string): TabFace {
  const end = place === 'overview' ? 'Foghorn' : `${place} · Foghorn`;
  if (view === undefined || isStale) return { badge: 'unknown', title: `? ${end}` };
  const firing = view.alerts.filter(({ state }) => state === 'firing');
  // Worst first, as the controller sorts them.
  const worst = firing[0];
  if (worst === undefined) return { badge: 'ok', title: `OK ${end}` };
  return { badge: worst.severity, title: `${worst.severity.toUpperCase()} (${firing.length}) ${end}` };
}

/** New alerts since the view before, and how urgently to tell; undefined when there is nothing to say. */
export function spokenChange(
  before: LiveView | undefined,
  after: LiveView,
): { readonly text: string; readonly urgency: 'polite' | 'assertive' } | undefined {
  if (before === undefined || before.alerts === after.alerts) return undefined;
  const known = new Map(before.alerts.map((alert) => [alert.key, alert.state]));
  const fired = after.alerts.filter(({ key, state }) => state === 'firing' && known.get(key) !== 'firing');
  const ended = after.alerts.filter(({ key, state }) => state === 'resolved' && known.get(key) === 'firing');
  const parts = [...fired.map(firedText), ...ended.map(({ rule, container }) => `resolved: ${rule} of ${container}`)];
  if (parts.length === 0) return undefined;
  const isCritical = fired.some(({ severity }) => severity === 'critical');
  const rest = parts.length > MAX_SPOKEN ? ` and ${parts.length - MAX_SPOKEN} more` : '';
  return { text: parts.slice(0, MAX_SPOKEN).join('. ') + rest, urgency: isCritical ? 'assertive' : 'polite' };
}

/** Nobody listens to a list of thirty. */
const MAX_SPOKEN = 3;

function firedText({ severity, container, message }: LiveView['alerts'][number]): string {
  return `${severity}: ${container}: ${message}`;
}
