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
  /** With the wait for its turn. */
  readonly longestMs: number;
  /** Ends the wait, not the call. */
  readonly signal: AbortSignal;
}

/** @param begin must bound itself, and call `begun` when its turn has come: the wait for that is not the other's. */
export function askPatiently<T>(
  begin: (begun: () => void) => Promise<T>,
  { clock, patienceMs, longestMs, signal }: Patience,
): PatientCall<T> {
  const turn = Promise.withResolvers<void>();
  const work = begin(turn.resolve);
  const over = new AbortController();
  let isOverdue = false;
  const end = (): void => {
    over.abort();
    turn.resolve();
  };
  // what goes wrong is told to those who wait
  work.then(end, end);
  const giveUp = (): undefined => {
    isOverdue = !over.signal.aborted;
  };
  const patience = AbortSignal.any([over.signal, signal]);
  const afterTurn = turn.promise.then(() => clock.sleep(patienceMs, patience));
  const impatience = Promise.race([afterTurn, clock.sleep(longestMs, patience)]).then(giveUp, giveUp);
  return {
    askedAt: clock.now(),
    soon: Promise.race([work, impatience.then((nothing) => (over.signal.aborted ? work : nothing))]),
    late: () => (over.signal.aborted ? work : undefined),
    isOver: () => over.signal.aborted,
    isOverdue: () => isOverdue,
  };
}
