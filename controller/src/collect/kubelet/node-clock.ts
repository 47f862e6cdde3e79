/** What is known of a node's clock, from its answers. */
export interface NodeClock {
  /** How far it is ahead of ours. */
  readonly skewMs?: number | undefined;
  /** When it was seen that it had been set, or ours. */
  readonly steppedAt?: number | undefined;
}

/** A skew is known to a second; a change of more means that somebody set a clock. */
const STEP_MS = 3000;
/** Samples of before the step are served for so long: twice the longest sampling interval of a kubelet. */
const SETTLE_MS = 30_000;
/** Less is no trouble to anybody, and certificates and tokens bear it too. */
const TOLD_SKEW_MS = 30_000;

export function followClock(before: NodeClock, skewMs: number | undefined, now: number): NodeClock {
  if (skewMs === undefined) return before;
  const isStep = before.skewMs !== undefined && Math.abs(skewMs - before.skewMs) > STEP_MS;
  return { skewMs, steppedAt: isStep ? now : before.steppedAt };
}

/** Whether samples of before a step may still be served: their times are by another clock than the answer's. */
export function isSettling({ steppedAt }: NodeClock, now: number): boolean {
  return steppedAt !== undefined && now - steppedAt < SETTLE_MS;
}

/**
 * Samples under different epochs cannot be compared: between them the clock was set, or may have been while the
 * samples of before are still served.
 */
export function clockEpoch(clock: NodeClock, now: number): string {
  if (clock.steppedAt === undefined) return '';
  return isSettling(clock, now) ? `settling ${now}` : `since ${clock.steppedAt}`;
}

/** For people; undefined when there is nothing to tell. */
export function clockNote({ skewMs }: NodeClock): string | undefined {
  if (skewMs === undefined || Math.abs(skewMs) < TOLD_SKEW_MS) return undefined;
  return `its clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} the controller's`;
}
