import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';
import type { Sample } from '../../model/metrics.ts';
import type { EpisodeRequest, MarkRequest } from './chronicle.ts';
import type { HistoryRequest, HistorySeries } from './history.ts';
import type { RecordedSeries } from './recorded.ts';
import type { Awaitable, Steps } from './steps.ts';

/** A history that is open, in a file or a database. All calls are short, and fail with what the database fails with. */
export interface HistoryStore {
  /** All or nothing; samples of the same target and time are merged. */
  insert(samples: readonly Sample[]): Awaitable<void>;
  query(request: HistoryRequest, nowMs: number): Awaitable<HistorySeries>;
  seenRunning(sinceMs: number): Awaitable<readonly string[]>;
  /** All that there is of a target in a time, finest first. */
  recorded(targetId: string, fromMs: number, toMs: number): Awaitable<RecordedSeries>;
  /** What happened, all or nothing. */
  note(episodes: readonly AlertEpisode[], marks: readonly ChangeMark[]): Awaitable<void>;
  readonly chronicle: StoredChronicle;
  /** Fills the coarser tiers from the finer ones; each step may be the last. */
  rollUp(nowMs: number): Steps;
  /** Removes what has passed its time and is in the next tier; each step may be the last. */
  prune(nowMs: number): Steps;
  close(): Awaitable<void>;
}

/** What happened, as it is asked for. */
export interface StoredChronicle {
  episodes(request: EpisodeRequest): Awaitable<readonly AlertEpisode[]>;
  openEpisodes(limit: number): Awaitable<readonly AlertEpisode[]>;
  marks(request: MarkRequest): Awaitable<readonly ChangeMark[]>;
}
