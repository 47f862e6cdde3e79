import type { Clock } from '../clock.ts';
import { errorMessage, FoghornError, isFoghornError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Instruments, PassResult } from '../model/instruments.ts';
import { createDelays, type Delays } from './delays.ts';
import { createKeySets } from './key-sets.ts';
import { createQueueTiming } from './queue-timing.ts';

/** What a pass over a key asks for next. */
export interface ReconcileResult {
  /** When to look at the key again, though nothing changes. */
  readonly requeueAfterMs?: number;
}

export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | void>;

export interface WorkQueue {
  /** Asks for a pass over the key; asking again before it begins changes nothing. */
  add(key: string): void;
  addAfter(key: string, delayMs: number): void;
  /** Keys that wait for a pass. */
  depth(): number;
  /** Resolves when nothing waits or runs; delayed keys do not count. */
  idle(): Promise<void>;
  /** Takes no more keys, lets running passes end for at most `drainMs`, then aborts their signal. */
  stop(drainMs?: number): Promise<void>;
}

export interface WorkQueueDependencies {
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  readonly log: Log;
  /** Passes that run at one time, each over another key. Default 1. */
  readonly concurrency?: number;
  /** Counts this queue under its name. */
  readonly instruments?: Pick<Instruments, 'queue'> | undefined;
}

/** client-go's ItemExponentialFailureRateLimiter: first wait, doubled by each failure of a key, and its bound. */
const BASE_DELAY_MS = 5;
const MAX_DELAY_MS = 1_000_000;
/** As controller-runtime waits for running reconciles. */
const DRAIN_MS = 30_000;
/** Longer than the deadlines of all calls of a pass that is well, one after another. */
export const PASS_TIMEOUT_MS = 300_000;
/** Keys that may wait: more than objects that fit in a store. What is dropped, a relist brings back. */
const MAX_KEYS = 100_000;

/**
 * A queue of keys with its workers. A key never runs twice at once; one that is added while it runs, runs again
 * afterwards. A pass that throws is tried again with exponential backoff, unless it throws a FoghornError with the
 * code Terminal. One that takes longer than {@link PASS_TIMEOUT_MS} is told so by its signal, and the other keys wait
 * for it no longer.
 */
export function createWorkQueue(deps: WorkQueueDependencies): WorkQueue {
  const { clock, log, name, concurrency = 1 } = deps;
  const keys = createKeySets();
  const timing = createQueueTiming(deps.instruments?.queue(name, concurrency));
  const stopping = new AbortController();
  const running = new AbortController();
  const delays = createDelays(clock, add);
  const pass = createPass(deps, { delays, retried: timing.retried, running: running.signal });
  const waiters: (() => void)[] = [];
  /** Passes that were cut short and have not ended yet. */
  let overdue = 0;

  function add(key: string): void {
    if (stopping.signal.aborted) return;
    const isFull = keys.dirty() >= MAX_KEYS;
    if (isFull) log.error({ queue: name, key }, 'work queue is full: the key is left to the next relist');
    if (isFull || !keys.add(key)) return;
    timing.added(key, keys.waiting());
    dispatch();
  }
  const isIdle = (): boolean => keys.processing() === 0 && (keys.waiting() === 0 || stopping.signal.aborted);

  function dispatch(): void {
    while (!stopping.signal.aborted && keys.processing() - overdue < concurrency) {
      const key = keys.take();
      if (key === undefined) break;
      void run(key);
    }
    if (!isIdle()) return;
    for (const wake of waiters.splice(0)) wake();
  }

  async function run(key: string): Promise<void> {
    const ended = timing.began(key, keys.waiting());
    const late = new AbortController();
    const work = pass(key, late.signal);
    if (await endsWithin(work, PASS_TIMEOUT_MS, clock)) ended(await work);
    else {
      log.error({ queue: name, key, timeoutMs: PASS_TIMEOUT_MS }, 'a pass takes too long and is cut short');
      ended('timeout');
      overdue += 1;
      late.abort(new FoghornError('Unavailable', `the pass was cut short after ${PASS_TIMEOUT_MS} ms`));
      dispatch();
      await work;
      overdue -= 1;
    }
    keys.done(key);
    dispatch();
  }

  const idle = (): Promise<void> => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)));
  return {
    add,
    addAfter: (key, delayMs) => delays.add(key, delayMs),
    depth: () => keys.waiting(),
    idle,
    async stop(drainMs = DRAIN_MS) {
      stopping.abort();
      delays.stop();
      await endsWithin(idle(), drainMs, clock);
      running.abort();
    },
  };
}

interface PassDeps {
  readonly delays: Pick<Delays, 'add'>;
  readonly retried: () => void;
  readonly running: AbortSignal;
}

/** One pass over a key, and when the key comes back; never rejects. */
function createPass(
  { name, log, reconcile }: WorkQueueDependencies,
  { delays, retried, running }: PassDeps,
): (key: string, late: AbortSignal) => Promise<PassResult> {
  const failures = new Map<string, number>();

  function failed(key: string, thrown: unknown): void {
    if (running.aborted) return;
    const terminal = isFoghornError(thrown, 'Terminal');
    const before = failures.get(key) ?? 0;
    log.error({ queue: name, key, terminal, failures: before + 1, err: thrown }, errorMessage(thrown));
    failures.delete(key);
    if (terminal) return;
    failures.set(key, before + 1);
    retried();
    delays.add(key, backoffMs(before));
  }

  return async (key, late) => {
    try {
      const result = await reconcile(key, AbortSignal.any([running, late]));
      failures.delete(key);
      if (result?.requeueAfterMs === undefined) return 'success';
      delays.add(key, result.requeueAfterMs);
      return 'requeue_after';
    } catch (thrown) {
      failed(key, thrown);
      return kindOfFailure(thrown);
    }
  };
}

function kindOfFailure(thrown: unknown): PassResult {
  if (isFoghornError(thrown, 'Terminal')) return 'terminal';
  return thrown instanceof FoghornError ? 'error' : 'panic';
}

async function endsWithin(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const ended = new AbortController();
  const deadline = clock.sleep(ms, ended.signal).then(
    () => false,
    () => true,
  );
  const isInTime = await Promise.race([work.then(() => true), deadline]);
  ended.abort();
  return isInTime;
}

/** 5 ms, 10 ms, 20 ms ... to 1000 s, after so many failures before this one. */
export function backoffMs(failuresBefore: number): number {
  return Math.min(BASE_DELAY_MS * 2 ** failuresBefore, MAX_DELAY_MS);
}
