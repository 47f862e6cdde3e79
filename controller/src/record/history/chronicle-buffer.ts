import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';
import type { Connection } from './connection.ts';
import { createDrain, type Drain } from './drain.ts';

/** What happened and waits to be written. */
export interface ChronicleBuffer {
  keep(episode: AlertEpisode): void;
  mark(marks: readonly ChangeMark[]): void;
  readonly drain: Drain;
}

/** Rows of one transaction: a few milliseconds. */
const BATCH_ROWS = 100;
/** Kept while the store cannot be written; past it the oldest are forgotten. About a kilobyte each. */
const MAX_BUFFERED = 5000;

export function createChronicleBuffer(connection: Connection): ChronicleBuffer {
  const episodes = new Map<string, AlertEpisode>();
  let marks: readonly ChangeMark[] = [];

  async function writeSome(): Promise<boolean> {
    const someEpisodes = [...episodes.values()].slice(0, BATCH_ROWS);
    const someMarks = marks.slice(0, BATCH_ROWS);
    const { ok } = await connection.attempt((store) => store.note(someEpisodes, someMarks));
    if (!ok) return false;
    for (const episode of someEpisodes) {
      // Told anew while it was written, it stays.
      if (episodes.get(episode.id) === episode) episodes.delete(episode.id);
    }
    const written = new Set(someMarks);
    marks = marks.filter((mark) => !written.has(mark));
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
    drain: createDrain(() => episodes.size + marks.length === 0, writeSome),
  };
}
