import type { LiveRow } from '../../answers/live.ts';
import type { MarkKind } from '../parts/mark.tsx';

/** Words of the original system, with Docker's state where it says more. */
export function stateWord({ state, health }: Pick<LiveRow, 'state' | 'health'>): string {
  if (state === 'running')
    return health === 'unhealthy' ? 'UP unhealthy' : health === 'starting' ? 'UP starting' : 'UP';
  return state === 'unreachable' ? 'UNKNOWN' : `DOWN ${state}`;
}

/** How the state itself is judged, whatever fires. */
export function stateKind({ state, health }: Pick<LiveRow, 'state' | 'health'>): MarkKind {
  if (state === 'unreachable') return 'unknown';
  if (state !== 'running') return 'critical';
  return health === 'unhealthy' ? 'warning' : 'ok';
}

/** Alerts of a row in words; undefined without one. */
export function alertWord({ severity, alerts }: Pick<LiveRow, 'severity' | 'alerts'>): string | undefined {
  if (alerts.firing > 0) {
    const word = severity === 'ok' || severity === 'unknown' ? 'alert' : severity;
    const count = alerts.firing > 1 ? ` ×${alerts.firing}` : '';
    return `${word}${count}${alerts.quiet >= alerts.firing ? ', quiet' : ''}`;
  }
  return alerts.pending > 0 ? 'pending' : undefined;
}

/** Without a rule's own line, those of the original: red over 80 %, amber over 60 %. */
export function level(
  value: number | null,
  threshold: number | null = null,
): 'ok' | 'warning' | 'critical' | 'unknown' {
  if (value === null) return 'unknown';
  const red = threshold ?? 80;
  if (value > red) return 'critical';
  return value > red * 0.75 ? 'warning' : 'ok';
}
