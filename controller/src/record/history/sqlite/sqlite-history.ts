import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Clock } from '../../../clock.ts';
import { errorMessage } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import type { Problems } from '../../../problems.ts';
import { createConnection, type StorePlace } from '../connection.ts';
import { createStoredHistory, type StoredHistory } from '../stored-history.ts';
import { defaultTiers, type Tiers } from '../tiers.ts';
import { asidePath, explainFileFault } from './faults.ts';
import { openStore } from './store.ts';

export interface SqliteHistoryOptions {
  readonly file: string;
  /** Default: raw 6 h, 1 m 2 d, 10 m 14 d, 1 h 90 d. */
  readonly tiers?: Tiers;
  readonly clock: Clock;
  readonly problems: Problems;
  readonly log: Log;
}

/** A batch is a few milliseconds of the event loop; the buffer is half an hour of 50 containers at 10 s. */
const LIMITS = { batchSamples: 200, maxBufferedSamples: 10_000 } as const;

/** History in one SQLite file. Work is done in slices of a few milliseconds between other things of the event loop. */
export function createSqliteHistory({ file, tiers = defaultTiers, ...common }: SqliteHistoryOptions): StoredHistory {
  const connection = createConnection({ place: createFilePlace(file, tiers, common.log), ...common });
  return createStoredHistory({ connection, limits: LIMITS, ...common });
}

function createFilePlace(file: string, tiers: Tiers, log: Log): StorePlace {
  let inode = 0;
  return {
    open() {
      const store = openStore(file, tiers);
      inode = statSync(file).ino;
      return store;
    },
    explain: (thrown) => explainFileFault(file, thrown),
    putAside: () => moveAside(file, log),
    isReplaced: () => statSync(file, { throwIfNoEntry: false })?.ino !== inode,
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
