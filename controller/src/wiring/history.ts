import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { SharedPast } from '../dashboard/follower/past-routes.ts';
import type { Log } from '../log.ts';
import { createProblems, type Problems } from '../problems.ts';
import type { StoredHistory } from '../record/history/stored-history.ts';

interface HistoryParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly problems: Problems;
}

/** In Postgres where one is named, else in a file. Loads only the adapter that is chosen: each costs memory. */
export async function openHistory({ databaseUrl, dataDir }: Config, parts: HistoryParts): Promise<StoredHistory> {
  if (databaseUrl !== undefined) {
    const { createPostgresHistory } = await import('../record/history/postgres/postgres-history.ts');
    return createPostgresHistory({ url: databaseUrl, ...parts });
  }
  const { createSqliteHistory } = await import('../record/history/sqlite/sqlite-history.ts');
  return createSqliteHistory({ file: join(dataDir, 'history.db'), ...parts });
}

export interface FollowedPast extends SharedPast {
  close(): Promise<void>;
}

/** What the leader wrote where this replica can read it; undefined when that is a file of its own. */
export async function followPast(
  { databaseUrl }: Config,
  { clock, log }: Omit<HistoryParts, 'problems'>,
): Promise<FollowedPast | undefined> {
  if (databaseUrl === undefined) return undefined;
  const { createPostgresHistory } = await import('../record/history/postgres/postgres-history.ts');
  const problems = createProblems({ clock, log });
  const history = createPostgresHistory({ url: databaseUrl, readOnly: true, clock, log, problems });
  const { episodes, marks } = history.chronicle;
  return { history: history.query, episodes, marks, close: history.close };
}
