import type { Clock } from '../../../clock.ts';
import type { Log } from '../../../log.ts';
import type { Problems } from '../../../problems.ts';
import { createConnection } from '../connection.ts';
import { createStoredHistory, type StoredHistory } from '../stored-history.ts';
import { defaultTiers, type Tiers } from '../tiers.ts';
import { explainServerFault, serverOf } from './faults.ts';
import { openStore } from './store.ts';

export interface PostgresHistoryOptions {
  /** postgres://user:password@host:port/database; all is kept in its schema `foghorn`. */
  readonly url: string;
  /** For replicas that do not lead: it writes and changes nothing, and is empty until a leader made the schema. */
  readonly readOnly?: boolean;
  /** Default: raw 6 h, 1 m 2 d, 10 m 14 d, 1 h 90 d. */
  readonly tiers?: Tiers;
  readonly clock: Clock;
  readonly problems: Problems;
  readonly log: Log;
}

/** A batch is five milliseconds of the event loop; the buffer is half a minute of 100,000 containers at 30 s. */
const LIMITS = { batchSamples: 1000, maxBufferedSamples: 100_000 } as const;

/** History in a Postgres database, which several replicas share. Writing is idempotent; only the leader should. */
export function createPostgresHistory(options: PostgresHistoryOptions): StoredHistory {
  const { url, readOnly = false, tiers = defaultTiers, clock, problems, log } = options;
  const server = serverOf(url);
  log.info({ server }, 'the history is in a database');
  const place = {
    open: () => openStore({ url, readOnly, tiers, log }),
    explain: (thrown: unknown) => explainServerFault(server, thrown),
  };
  const connection = createConnection({ place, clock, problems, log });
  return createStoredHistory({ connection, limits: LIMITS, readOnly, clock, log });
}
