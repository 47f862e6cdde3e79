import type { AlertEpisode, ChangeMark } from '../../model/episode.ts';
import { changeKinds } from '../../model/observation.ts';

/** As long as the coarsest samples. */
export const KEEP_MS: number = 90 * 86_400_000;

/** Stands for "not yet" in the column of ends. */
export const OPEN_MS: number = Number.MAX_SAFE_INTEGER;

/** A table of the chronicle, kept small by removing its oldest rows. */
export interface BoundedTable {
  readonly name: string;
  readonly key: string;
  /** Column of the time by which a row grows old. */
  readonly time: string;
  /** About a kilobyte each. */
  readonly maxRows: number;
}

export const boundedTables: readonly BoundedTable[] = [
  { name: 'episodes', key: 'id', time: 'to_ms', maxRows: 20_000 },
  { name: 'marks', key: 'target, at_ms, kind', time: 'at_ms', maxRows: 100_000 },
];

/** One or none: what this program did not write is passed over. */
export function episodeOf(json: string): readonly AlertEpisode[] {
  const episode: unknown = JSON.parse(json);
  return isEpisode(episode) ? [episode] : [];
}

function isEpisode(value: unknown): value is AlertEpisode {
  return typeof value === 'object' && value !== null && 'firedAt' in value && 'moments' in value && 'target' in value;
}

/** The columns of a mark, as the database gives them. */
export interface MarkColumns {
  readonly targetId: string;
  readonly at: unknown;
  readonly kind: unknown;
  readonly exitCode: unknown;
  readonly detail: unknown;
}

/** One, or none when its kind is not known. */
export function markOf({ targetId, at, kind, exitCode, detail }: MarkColumns): readonly ChangeMark[] {
  const known = changeKinds.find((candidate) => candidate === kind);
  if (known === undefined) return [];
  return [
    {
      targetId,
      at: Number(at),
      kind: known,
      ...(typeof exitCode === 'number' && { exitCode }),
      ...(typeof detail === 'string' && { detail }),
    },
  ];
}
