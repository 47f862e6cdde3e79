import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startStopwatch } from '../../../clock.ts';
import { createFakeClock, type FakeClock } from '../../../fake-clock.ts';
import { createSilentLog } from '../../../log.ts';
import type { Sample } from '../../../model/metrics.ts';
import { createProblems, type Problems } from '../../../problems.ts';
import type { StoredHistory } from '../stored-history.ts';
import { createPostgresHistory } from './postgres-history.ts';
import type { TestServer } from './test-server.ts';

interface Begin {
  readonly address?: string;
  readonly readOnly?: boolean;
}

/** An empty database with a clock that is moved by hand, for tests of histories there. */
export interface TestStand {
  readonly url: string;
  readonly clock: FakeClock;
  readonly problems: Problems;
  /** When it began, epoch milliseconds. */
  readonly start: number;
  begin(options?: Begin): StoredHistory;
  sample(secondsAfterStart: number, targetId?: string): Sample;
  /** How many the history has of a target. */
  points(history: StoredHistory, targetId?: string): Promise<number>;
  /** Lets the clock run until something is so, while the real server does its part. */
  until(isSo: () => Promise<boolean> | boolean): Promise<void>;
  /** Runs SQL in the database as the superuser. */
  administer(text: string): Promise<void>;
  /** Closes the histories that were begun. */
  end(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 10;

export async function createTestStand(server: TestServer): Promise<TestStand> {
  const url = await server.createDatabase();
  const clock = createFakeClock();
  const start = clock.now();
  const log = createSilentLog();
  const problems = createProblems({ clock, log });
  const begun: StoredHistory[] = [];
  return {
    url,
    clock,
    problems,
    start,
    begin({ address = url, readOnly = false } = {}) {
      const history = createPostgresHistory({ url: address, readOnly, clock, problems, log });
      begun.push(history);
      return history;
    },
    sample: (seconds, targetId = 'web') => ({ targetId, at: start + seconds * 1000, values: { cpu: 1, up: 1 } }),
    async points(history, targetId = 'web') {
      const request = { targetId, metric: 'cpu', fromMs: start, toMs: clock.now(), maxPoints: 20_000 } as const;
      return (await history.query(request)).points.length;
    },
    async until(isSo) {
      const elapsedMs = startStopwatch();
      while (!(await isSo())) {
        if (elapsedMs() > PATIENCE_MS) throw new Error(`it does not come: ${JSON.stringify(problems.list())}`);
        await clock.advance(1000);
        await sleep(LOOK_EVERY_MS);
      }
    },
    administer: (text) => onDatabase(url, text),
    async end() {
      await Promise.all(begun.map((history) => history.close()));
    },
  };
}

async function onDatabase(address: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
