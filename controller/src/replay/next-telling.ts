import type { Alert } from '../model/alert.ts';
import type { Policy } from '../model/policy.ts';

/** The controller plans what is due once a second. */
const TICK_MS = 1000;

/** When a message may next be due though nothing is judged: a cooldown ends, or the wait of a group. */
export function nextTelling(alerts: readonly Alert[], { cooldownMs, notify }: Policy, now: number): number | undefined {
  const lastAt = Math.max(...alerts.map(({ notified }) => notified.lastAt ?? Number.NEGATIVE_INFINITY));
  const times = alerts.flatMap((alert) => {
    if (alert.state === 'pending') return [];
    const beganAt = alert.state === 'resolved' ? alert.resolvedAt : alert.firedAt;
    const cooledAt = (alert.notified.lastAt ?? Number.NEGATIVE_INFINITY) + cooldownMs;
    return [
      cooledAt,
      beganAt + notify.groupWaitMs,
      alert.firedAt + notify.groupWaitMs,
      lastAt + notify.groupIntervalMs,
    ];
  });
  const next = times.filter((at) => at >= now).reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return Number.isFinite(next) ? Math.max(now + 1, Math.ceil((next + 1) / TICK_MS) * TICK_MS) : undefined;
}
