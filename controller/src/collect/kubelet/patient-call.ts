import type { Clock } from '../../clock.ts';

/** A call whose answer may come too late for those who asked first; it goes on for those who ask later. */
export interface PatientCall<T> {
  readonly askedAt: number;
  /** The answer, or undefined when it did not come in time. One wait for all that ask. */
  readonly soon: Promise<T | undefined>;
  /** The answer once it is there; undefined before. */
  late(): Promise<T> | undefined;
  isOver(): boolean;
  /** It did not come in time. */
  isOverdue(): boolean;
}

export interface Patience {
  readonly clock: Clock;
  readonly patienceMs: number;
  /** Ends the wait, not the call. */
  readonly signal: AbortSignal;
}

/** @param work must bound itself. */
export function askPatiently<T>(work: Promise<T>, { clock, patienceMs, signal }: Patience): PatientCall<T> {
  const over = new AbortController();
  let isOverdue = false;
  const end = (): void => over.abort();
  // what goes wrong is told to those who wait
  work.then(end, end);
  const giveUp = (): undefined => {
    isOverdue = !over.signal.aborted;
  };
  const impatience = clock.sleep(patienceMs, AbortSignal.any([over.signal, signal])).then(giveUp, giveUp);
  return {
    askedAt: clock.now(),
    soon: Promise.race([work, impatience.then((nothing) => (over.signal.aborted ? work : nothing))]),
    late: () => (over.signal.aborted ? work : undefined),
    isOver: () => over.signal.aborted,
    isOverdue: () => isOverdue,
  };
}
