import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { createChronicleBuffer, type ChronicleBuffer } from './chronicle-buffer.ts';
import type { Chronicle } from './chronicle.ts';
import type { Connection } from './connection.ts';
import type { History } from './history.ts';
import { keepOpen, maintain } from './maintenance.ts';
import type { RecordedSeries } from './recorded.ts';
import { createSampleBuffer, type SampleLimits } from './sample-buffer.ts';
import type { StoredChronicle } from './store.ts';

/** History that outlives the process, with what happened. */
export interface StoredHistory extends History {
  /** Samples that had no room in the buffer while the store could not be written. */
  droppedSamples(): number;
  readonly chronicle: Chronicle;
  /** All that there is of a target in a time, each time as it was recorded finest; empty while the store is away. */
  recorded(targetId: string, fromMs: number, toMs: number): Promise<RecordedSeries>;
}

export interface StoredHistoryOptions {
  readonly connection: Connection;
  readonly limits: SampleLimits;
  /** It answers only: what is appended is dropped, and others write, roll up and prune. */
  readonly readOnly?: boolean | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is not written by then is lost, so that nobody waits for a database that hangs. */
const WRITE_TIMEOUT_MS = 5000;
/** A connection that hangs is left to its own timeouts. */
const CLOSE_TIMEOUT_MS = 1000;

/**
 * Buffers, writes in batches, keeps the tiers. While the store is away, full, locked or broken, queries are empty and a
 * problem says why; no call throws.
 */
export function createStoredHistory(options: StoredHistoryOptions): StoredHistory {
  const { connection, limits, readOnly = false, clock, log } = options;
  const buffer = createSampleBuffer(connection, limits);
  const notes = createChronicleBuffer(connection);
  const stopping = new AbortController();
  let closed: Promise<void> | undefined;

  // Opened now, so that a locked or broken store is told at start.
  void connection.attempt(() => undefined);
  const watched = { connection, clock, signal: stopping.signal };
  const running = readOnly ? keepOpen(watched) : maintain({ ...watched, drains: [notes.drain, buffer.drain] });

  async function writeRest(): Promise<void> {
    await running;
    await notes.drain();
    await buffer.drain();
  }

  async function shutDown(): Promise<void> {
    stopping.abort();
    await within(writeRest(), WRITE_TIMEOUT_MS, clock);
    if (buffer.size() > 0) log.warn({ samples: buffer.size() }, 'history closed without its last samples');
    await within(connection.close(), CLOSE_TIMEOUT_MS, clock);
  }

  return {
    append(samples) {
      if (closed === undefined && !readOnly) buffer.append(samples);
    },
    async query(request) {
      await buffer.drain();
      const series = await connection.attempt((store) => store.query(request, clock.now()));
      return series.ok ? series.value : { resolutionMs: 0, points: [] };
    },
    async seenRunning(sinceMs) {
      await buffer.drain();
      const targets = await connection.attempt((store) => store.seenRunning(sinceMs));
      return targets.ok ? targets.value : [];
    },
    async recorded(targetId, fromMs, toMs) {
      await buffer.drain();
      const series = await connection.attempt((store) => store.recorded(targetId, fromMs, toMs));
      return series.ok ? series.value : { targetId, samples: [], resolutionMs: 0 };
    },
    droppedSamples: () => buffer.dropped(),
    chronicle: createChronicle(connection, notes, readOnly),
    close() {
      closed ??= shutDown();
      return closed;
    },
  };
}

/** Empty while the store is away. */
function createChronicle(connection: Connection, notes: ChronicleBuffer, readOnly: boolean): Chronicle {
  async function read<T>(
    question: (chronicle: StoredChronicle) => readonly T[] | Promise<readonly T[]>,
  ): Promise<readonly T[]> {
    await notes.drain();
    const answer = await connection.attempt(({ chronicle }) => question(chronicle));
    return answer.ok ? answer.value : [];
  }
  return {
    keep: readOnly ? () => undefined : notes.keep,
    mark: readOnly ? () => undefined : notes.mark,
    episodes: (request) => read((chronicle) => chronicle.episodes(request)),
    openEpisodes: (limit) => read((chronicle) => chronicle.openEpisodes(limit)),
    marks: (request) => read((chronicle) => chronicle.marks(request)),
  };
}

/** Waits for the work, but no longer than that. */
async function within(work: Promise<void>, timeoutMs: number, clock: Clock): Promise<void> {
  const waiting = new AbortController();
  const timeout = clock.sleep(timeoutMs, waiting.signal).catch(() => undefined);
  await Promise.race([work, timeout]);
  waiting.abort();
}
