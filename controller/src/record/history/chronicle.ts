import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';

/** What happened, kept as long as charts are: firings of alerts, and what happened to targets. */
export interface Chronicle {
  /** Takes the present truth of a firing; an earlier one of the same id is replaced. Written off the caller's way. */
  keep(episode: AlertEpisode): void;
  mark(marks: readonly ChangeMark[]): void;
  /** Firings that overlap the time, newest first. */
  episodes(request: EpisodeRequest): Promise<readonly AlertEpisode[]>;
  /** Firings without an end, newest first: of alerts that fire, or that went while nobody looked. */
  openEpisodes(limit: number): Promise<readonly AlertEpisode[]>;
  /** Oldest first; of more than `limit` the newest. */
  marks(request: MarkRequest): Promise<readonly ChangeMark[]>;
}

export interface EpisodeRequest {
  /** Absent: of all. */
  readonly targetId?: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

export interface MarkRequest {
  readonly targetId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}
