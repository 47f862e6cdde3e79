import type { Clock } from '../../clock.ts';

/** A probe that does not end by itself when it is aborted is left behind after this. */
export const ABORT_GRACE_MS = 250;

/** The probe's own timeout has passed. */
export class ProbeDeadlineError extends Error {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.name = 'ProbeDeadlineError';
    this.timeoutMs = timeoutMs;
  }
}

/** Nobody wants the answer any more. */
export class ProbeCancelledError extends Error {
  constructor() {
    super('called off');
    this.name = 'ProbeCancelledError';
  }
}

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Calls the work off. */
  readonly signal: AbortSignal;
}

/**
 * Runs `work` with a signal that aborts after `timeoutMs` (ProbeDeadlineError) or when the caller's does
 * (ProbeCancelledError). Settles within `timeoutMs` + {@link ABORT_GRACE_MS} even when `work` ignores the signal.
 */
export async function withinDeadline<T>(
  { clock, timeoutMs, signal }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new ProbeCancelledError();
  const abort = new AbortController();
  const ended = new AbortController();
  const cancel = (): void => abort.abort(new ProbeCancelledError());
  signal.addEventListener('abort', cancel, { once: true });
  async function cutOff(): Promise<never> {
    await clock.sleep(timeoutMs, ended.signal);
    abort.abort(new ProbeDeadlineError(timeoutMs));
    await clock.sleep(ABORT_GRACE_MS, ended.signal);
    throw new ProbeDeadlineError(timeoutMs);
  }
  try {
    return await Promise.race([work(abort.signal), cutOff()]);
  } finally {
    ended.abort();
    signal.removeEventListener('abort', cancel);
  }
}
