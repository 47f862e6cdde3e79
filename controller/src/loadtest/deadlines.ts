/** Longest stay in each stage; every one of them ends by itself. */
export const PENDING_DEADLINE_MS = 60_000;
export const LAUNCH_DEADLINE_MS = 60_000;
export const FIRST_LINE_DEADLINE_MS = 60_000;
/** Over the plan's end and the timeout of the last request: warm-up, report, a busy machine. */
export const RUN_GRACE_MS = 60_000;
/** A generator that is asked to end lets requests in flight finish for up to 5 s. */
export const STOP_GRACE_MS = 10_000;
export const STOP_DEADLINE_MS = 30_000;
/** A deleted object waits no longer for an engine that is away. */
export const RELEASE_DEADLINE_MS = 300_000;
