import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Problems } from '../../problems.ts';
import { asidePath, explainStoreFault } from './store-faults.ts';
import { openStore, type HistoryStore } from './store.ts';
import type { Tiers } from './tiers.ts';

/** The history file, opened when it can be and opened again when it broke. */
export interface Connection {
  /** Runs `act` on the store. When the store is away or fails, says so as a problem and gives `{ok: false}`. */
  attempt<T>(act: (store: HistoryStore) => T): Attempt<T>;
  /** Lets go of a file that was deleted or replaced under us, so that the next attempt makes a new one. */
  checkFile(): void;
  /** For good. */
  close(): void;
}

export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

export interface ConnectionOptions {
  readonly file: string;
  readonly tiers: Tiers;
  readonly clock: Clock;
  readonly problems: Problems;
  readonly log: Log;
}

const PROBLEM_KEY = 'history';

/** Waits between two tries to open: doubled from the first to the last. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

/** A new file begun in place of an unusable one heals at once; the page shows what happened for so long. */
const NOTICE_MS = 600_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { file, tiers, clock, problems, log } = options;
  let store: HistoryStore | undefined;
  let inode = 0;
  let retryAt = 0;
  let retryMs = FIRST_RETRY_MS;
  let noticeUntil = 0;
  let closed = false;

  function opened(): HistoryStore | undefined {
    const waitMs = retryAt - clock.now();
    // A longer wait than was ever asked for means that the clock was set back.
    const mustWait = waitMs > 0 && waitMs <= LAST_RETRY_MS;
    if (store !== undefined || closed || mustWait) return store;
    store = openStore(file, tiers);
    inode = statSync(file).ino;
    return store;
  }

  function letGo(): void {
    const closing = store;
    store = undefined;
    try {
      closing?.close();
    } catch (error) {
      log.debug({ file, err: error }, 'history did not close cleanly');
    }
  }

  function failed(thrown: unknown): void {
    const fault = explainStoreFault(file, thrown);
    letGo();
    if (fault.moveAside) {
      noticeUntil = clock.now() + NOTICE_MS;
      moveAside(file, log);
    }
    problems.raise(PROBLEM_KEY, fault.reason, fault.message);
    retryAt = clock.now() + retryMs;
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }

  return {
    attempt(act) {
      try {
        const open = opened();
        if (open === undefined) return { ok: false };
        const value = act(open);
        retryMs = FIRST_RETRY_MS;
        if (clock.now() >= noticeUntil) problems.clear(PROBLEM_KEY);
        return { ok: true, value };
      } catch (error) {
        failed(error);
        return { ok: false };
      }
    },
    checkFile() {
      if (store !== undefined && statSync(file, { throwIfNoEntry: false })?.ino !== inode) letGo();
    },
    close() {
      closed = true;
      letGo();
    },
  };
}

/** Takes the place of an earlier one, so that a disk that damages files is not filled with them. */
function moveAside(file: string, log: Log): void {
  try {
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    if (existsSync(file)) renameSync(file, asidePath(file));
  } catch (error) {
    log.warn({ file, error: errorMessage(error) }, 'the unusable history file could not be moved; move it by hand');
  }
}
