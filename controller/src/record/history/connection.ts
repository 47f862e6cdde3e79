import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Problems } from '../../problems.ts';
import { createRetry, type Retry } from './retry.ts';
import type { Awaitable } from './steps.ts';
import type { HistoryStore } from './store.ts';

/** The store of the history, opened when it can be and opened again when it broke. */
export interface Connection {
  /**
   * Runs `act` on the store, in the same turn when a synchronous store is open. When the store is away or fails, says so
   * as a problem and gives `{ok: false}`.
   */
  attempt<T>(act: (store: HistoryStore) => Awaitable<T>): Promise<Attempt<T>>;
  /** Lets go of a store whose place was taken under us, so that the next attempt opens it anew. */
  check(): void;
  /** For good. */
  close(): Promise<void>;
}

export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** Why the history is away, and in one line what to do. */
export interface StoreFault {
  readonly reason: string;
  readonly message: string;
  /** What is there is of no use: it is put aside and a new one begun. */
  readonly isPutAside: boolean;
}

/** What differs between the places where a history can be. */
export interface StorePlace {
  /** Undefined: it is not there yet, which is nobody's fault. */
  open(): Awaitable<HistoryStore | undefined>;
  explain(thrown: unknown): StoreFault;
  /** After a fault that says so, with the store closed. */
  putAside?(): void;
  /** Whether the place was taken by something else since it was opened. */
  isReplaced?(): boolean;
}

export interface ConnectionOptions {
  readonly place: StorePlace;
  readonly clock: Clock;
  readonly problems: Problems;
  readonly log: Log;
}

const PROBLEM_KEY = 'history';

/** A new store begun in place of an unusable one heals at once; the page shows what happened for so long. */
const NOTICE_MS = 600_000;

export function createConnection({ place, clock, problems, log }: ConnectionOptions): Connection {
  const retry = createRetry(clock);
  const holder = createHolder({ place, retry, log, failed, missing: () => problems.clear(PROBLEM_KEY) });
  let noticeUntil = 0;

  function failed(thrown: unknown): void {
    const fault = place.explain(thrown);
    holder.letGo();
    if (fault.isPutAside) {
      noticeUntil = clock.now() + NOTICE_MS;
      place.putAside?.();
    }
    problems.raise(PROBLEM_KEY, fault.reason, fault.message);
    retry.later();
  }

  function worked(): void {
    retry.reset();
    if (clock.now() >= noticeUntil) problems.clear(PROBLEM_KEY);
  }

  return {
    async attempt(act) {
      let used: HistoryStore | undefined;
      try {
        const found = holder.opened();
        used = found instanceof Promise ? await found : found;
        if (used === undefined) return { ok: false };
        const answer = act(used);
        const value = answer instanceof Promise ? await answer : answer;
        if (used === holder.held()) worked();
        return { ok: true, value };
      } catch (error) {
        // Of several that a store fails at once, the first has said so.
        if (used === holder.held()) failed(error);
        return { ok: false };
      }
    },
    check() {
      if (holder.held() !== undefined && place.isReplaced?.() === true) holder.letGo();
    },
    close: holder.close,
  };
}

interface HolderParts {
  readonly place: StorePlace;
  readonly retry: Retry;
  readonly log: Log;
  /** Opening failed. */
  failed(thrown: unknown): void;
  /** There is nothing to open yet. */
  missing(): void;
}

/** The one store that is open. */
interface Holder {
  held(): HistoryStore | undefined;
  /** What is held, or is opened now; undefined while it must wait. Throws only what a synchronous place throws. */
  opened(): Awaitable<HistoryStore | undefined>;
  letGo(): void;
  close(): Promise<void>;
}

function createHolder({ place, retry, log, failed, missing }: HolderParts): Holder {
  let store: HistoryStore | undefined;
  let opening: Promise<HistoryStore | undefined> | undefined;
  let ending: Promise<unknown> = Promise.resolve();
  let closed = false;

  function letGo(): void {
    const leaving = store;
    store = undefined;
    if (leaving !== undefined) ending = Promise.all([ending, closeQuietly(leaving, log)]);
  }

  function adopt(found: HistoryStore | undefined): HistoryStore | undefined {
    store = found;
    if (closed) letGo();
    if (found === undefined) {
      retry.soon();
      missing();
    }
    return store;
  }

  /** Never rejects: several may wait for it, and one word about a failure is enough. */
  async function adoptLater(opens: Promise<HistoryStore | undefined>): Promise<HistoryStore | undefined> {
    try {
      return adopt(await opens);
    } catch (error) {
      if (!closed) failed(error);
      return undefined;
    } finally {
      opening = undefined;
    }
  }

  return {
    held: () => store,
    opened() {
      if (store !== undefined || closed || retry.mustWait()) return store;
      if (opening !== undefined) return opening;
      const opens = place.open();
      if (!(opens instanceof Promise)) return adopt(opens);
      opening = adoptLater(opens);
      return opening;
    },
    letGo,
    async close() {
      closed = true;
      letGo();
      // What is being opened just now is let go of as soon as it is open.
      await opening;
      await ending;
    },
  };
}

async function closeQuietly(store: HistoryStore, log: Log): Promise<void> {
  try {
    await store.close();
  } catch (error) {
    log.debug({ error: errorMessage(error) }, 'history did not close cleanly');
  }
}
