/**
 * Starts to measure; the function returned gives the milliseconds since, with a resolution of microseconds.
 * Monotonic, since the system clock of `Clock` may be stepped, and whole milliseconds are too coarse for a local database.
 */
export function startStopwatch(): () => number {
  const startedAt = performance.now();
  return () => performance.now() - startedAt;
}
