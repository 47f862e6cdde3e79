import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';
import type { Chronicle } from './chronicle.ts';

const MAX_KEPT = 1000;

/** What happened, until the process ends: for tests, and where no file is wanted. */
export function createMemoryChronicle(): Chronicle {
  const episodes = new Map<string, AlertEpisode>();
  const marks = new Map<string, ChangeMark>();
  const newestFirst = (): AlertEpisode[] => [...episodes.values()].sort((a, b) => b.pendingSince - a.pendingSince);
  return {
    keep(episode) {
      episodes.set(episode.id, episode);
      if (episodes.size > MAX_KEPT) episodes.delete(episodes.keys().next().value ?? '');
    },
    mark(added) {
      for (const mark of added) marks.set(`${mark.targetId}|${mark.at}|${mark.kind}`, mark);
      while (marks.size > MAX_KEPT) marks.delete(marks.keys().next().value ?? '');
    },
    episodes: async ({ targetId, fromMs, toMs, limit }) =>
      newestFirst()
        .filter(({ target }) => targetId === undefined || target.id === targetId)
        .filter(({ pendingSince, resolvedAt = Infinity }) => pendingSince <= toMs && resolvedAt >= fromMs)
        .slice(0, limit),
    openEpisodes: async (limit) =>
      newestFirst()
        .filter(({ resolvedAt }) => resolvedAt === undefined)
        .slice(0, limit),
    marks: async ({ targetId, fromMs, toMs, limit }) =>
      [...marks.values()]
        .filter((mark) => mark.targetId === targetId && mark.at >= fromMs && mark.at <= toMs)
        .sort((a, b) => a.at - b.at)
        .slice(-limit),
  };
}
