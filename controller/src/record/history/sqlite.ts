import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { createChronicleBuffer, type ChronicleBuffer } from './chronicle-buffer.ts';
import type { Chronicle } from './chronicle.ts';
import { createConnection, type Connection, type ConnectionOptions } from './connection.ts';
import type { History } from './history.ts';
import type { RecordedSeries } from './recorded.ts';
import { createSampleBuffer, type SampleBuffer } from './sample-buffer.ts';
import type { HistoryStore } from './store.ts';
import { defaultTiers, type Tiers } from './tiers.ts';

export interface SqliteHistoryOptions extends Omit<ConnectionOptions, 'tiers'> {
  /** Default: raw 6 h, 1 m 2 d, 10 m 14 d, 1 h 90 d. */
  readonly tiers?: Tiers;
}

export interface SqliteHistory extends History {
  /** Samples that had no room in the buffer while the file could not be written. */
  droppedSamples(): number;
  readonly chronicle: Chronicle;
  /** All that there is of a target in a time, each time as it was recorded finest; empty while the file is away. */
  recorded(targetId: string, fromMs: number, toMs: number): Promise<RecordedSeries>;
}

/** How long samples wait for their batch: a crash loses so much of the charts at most. */
const FLUSH_INTERVAL_MS = 5000;

/** Old rows go in small portions, seldom enough to cost nothing. */
const PRUNE_INTERVAL_MS = 600_000;

/**
 * History in one SQLite file. Work is done in slices of a few milliseconds between other things of the event loop.
 * While the file is away, full, locked or broken, queries are empty and a problem says why; no call throws.
 */
export function createSqliteHistory(options: SqliteHistoryOptions): SqliteHistory {
  const { clock, log } = options;
  const connection = createConnection({ ...options, tiers: options.tiers ?? defaultTiers });
  const buffer = createSampleBuffer(connection);
  const notes = createChronicleBuffer(connection);
  const stopping = new AbortController();
  let closed: Promise<void> | undefined;

  // Opened now, so that a locked or broken file is told at start.
  connection.attempt(() => undefined);
  const running = maintain({ connection, buffer, notes, clock, signal: stopping.signal });

  async function shutDown(): Promise<void> {
    stopping.abort();
    await running;
    await notes.drain();
    if (!(await buffer.drain())) log.warn({ samples: buffer.size() }, 'history closed without its last samples');
    connection.close();
  }

  return {
    append(samples) {
      if (closed === undefined) buffer.append(samples);
    },
    async query(request) {
      await buffer.drain();
      const series = connection.attempt((store) => store.query(request, clock.now()));
      return series.ok ? series.value : { resolutionMs: 0, points: [] };
    },
    async seenRunning(sinceMs) {
      await buffer.drain();
      const targets = connection.attempt((store) => store.seenRunning(sinceMs));
      return targets.ok ? targets.value : [];
    },
    async recorded(targetId, fromMs, toMs) {
      await buffer.drain();
      const series = connection.attempt((store) => store.recorded(targetId, fromMs, toMs));
      return series.ok ? series.value : { targetId, samples: [], resolutionMs: 0 };
    },
    droppedSamples: () => buffer.dropped(),
    chronicle: createChronicle(connection, notes),
    close() {
      closed ??= shutDown();
      return closed;
    },
  };
}

/** Empty while the file is away. */
function createChronicle(connection: Connection, notes: ChronicleBuffer): Chronicle {
  async function read<T>(question: (store: HistoryStore) => readonly T[]): Promise<readonly T[]> {
    await notes.drain();
    const answer = connection.attempt(question);
    return answer.ok ? answer.value : [];
  }
  return {
    keep: notes.keep,
    mark: notes.mark,
    episodes: (request) => read(({ chronicle }) => chronicle.episodes(request)),
    openEpisodes: (limit) => read(({ chronicle }) => chronicle.openEpisodes(limit)),
    marks: (request) => read(({ chronicle }) => chronicle.marks(request)),
  };
}

interface Maintenance {
  readonly connection: Connection;
  readonly buffer: SampleBuffer;
  readonly notes: ChronicleBuffer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Writes, rolls up and prunes until the signal aborts. */
async function maintain({ connection, buffer, notes, clock, signal }: Maintenance): Promise<void> {
  let prunedAt = clock.now();
  while (await pause(clock, signal)) {
    connection.checkFile();
    const written =
      (await notes.drain()) &&
      (await buffer.drain()) &&
      (await inSlices(connection, signal, (store) => store.rollUp(clock.now())));
    // The clock may have been set back: then it is due as well.
    if (!written || Math.abs(clock.now() - prunedAt) < PRUNE_INTERVAL_MS) continue;
    prunedAt = clock.now();
    await inSlices(connection, signal, (store) => store.prune(clock.now()));
  }
}

/** False when it is time to stop. */
async function pause(clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(FLUSH_INTERVAL_MS, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Runs one step at a turn of the event loop; gives up when the store that it began with is gone. */
async function inSlices(
  connection: Connection,
  signal: AbortSignal,
  begin: (store: HistoryStore) => Generator<void>,
): Promise<boolean> {
  const work = connection.attempt((store) => ({ store, steps: begin(store) }));
  if (!work.ok) return false;
  const { store, steps } = work.value;
  while (!signal.aborted) {
    const step = connection.attempt((present) => (present === store ? steps.next().done === true : undefined));
    if (!step.ok || step.value === undefined) return false;
    if (step.value) return true;
    await setImmediate();
  }
  return false;
}
