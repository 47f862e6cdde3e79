import type { Connection } from './live/live-client.ts';
import type { Freshness } from './live/live.ts';

/** The controller looks every second; without a look for this long the data is old, connected or not. */
export const STALE_MS = 35_000;

/** Whether what is seen may no longer be true. A lost connection counts from its first second. */
export function isStale(connection: Connection, freshness: Freshness | undefined, now: number): boolean {
  if (connection.state !== 'live') return connection.state === 'lost';
  return freshness !== undefined && freshness.ageMs + now - freshness.heardAt > STALE_MS;
}
