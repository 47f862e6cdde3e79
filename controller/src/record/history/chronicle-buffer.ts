import { setImmediate } from 'node:timers/promises';
import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';
import type { Connection } from './connection.ts';

/** What happened and waits to be written. */
export interface ChronicleBuffer {
  keep(episode: AlertEpisode): void;
  mark(marks: readonly ChangeMark[]): void;
  /** Writes what is buffered, a batch a slice; false when it could not. */
  drain(): Promise<boolean>;
}

/** Rows of one transaction: a few milliseconds. */
const BATCH_ROWS = 100;
/** Kept while the file cannot be written; past it the oldest are forgotten. About a kilobyte each. */
const MAX_BUFFERED = 5000;

export function createChronicleBuffer(connection: Connection): ChronicleBuffer {
  const episodes = new Map<string, AlertEpisode>();
  let marks: readonly ChangeMark[] = [];

  function writeSome(): boolean {
    const someEpisodes = [...episodes.values()].slice(0, BATCH_ROWS);
    const someMarks = marks.slice(0, BATCH_ROWS);
    const written = connection.attempt((store) => store.note(someEpisodes, someMarks));
    if (!written.ok) return false;
    // Nothing else ran since the slice.
    for (const { id } of someEpisodes) episodes.delete(id);
    marks = marks.slice(someMarks.length);
    return true;
  }

  return {
    keep(episode) {
      episodes.set(episode.id, episode);
      if (episodes.size > MAX_BUFFERED) episodes.delete(episodes.keys().next().value ?? '');
    },
    mark(added) {
      if (added.length > 0) marks = [...marks, ...added].slice(-MAX_BUFFERED);
    },
    async drain() {
      while (episodes.size + marks.length > 0) {
        if (!writeSome()) return false;
        await setImmediate();
      }
      return true;
    },
  };
}
