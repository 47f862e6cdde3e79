import type { AlertEpisode } from '../model/episode.ts';
import type { TargetUptime, UptimeSlot } from './answers/container.ts';
import type { HistoryAnswer } from './reader.ts';

export const SLOT_MS = 1_800_000;
export const SLOTS = 48;
/** Pieces of a slot that are known or not as a whole: the width of the tier that reaches back a day at this number. */
export const PIECE_MS = 600_000;
const PIECES_PER_SLOT = SLOT_MS / PIECE_MS;

/** Start of the first of the 48 slots that end with the present one; slots begin at full and half hours (UTC). */
export function firstSlotAt(now: number): number {
  return Math.floor(now / SLOT_MS) * SLOT_MS - (SLOTS - 1) * SLOT_MS;
}

/** A day of a target: `points` of the metric `up`, `episodes` of warning and above, all since {@link firstSlotAt}. */
export function uptimeOf(
  target: string,
  { points, episodes, now }: { points: HistoryAnswer['points']; episodes: readonly AlertEpisode[]; now: number },
): TargetUptime {
  const fromMs = firstSlotAt(now);
  const byPiece = Map.groupBy(points, ({ at }) => Math.floor((at - fromMs) / PIECE_MS));
  const troubles = episodes.filter(({ severity }) => severity !== 'info');
  const slots = Array.from({ length: SLOTS }, (_, index) => {
    const startMs = fromMs + index * SLOT_MS;
    const pieces = Array.from({ length: PIECES_PER_SLOT }, (_unused, piece) => {
      const at = startMs + piece * PIECE_MS;
      return at > now ? [] : [upShare(byPiece.get(index * PIECES_PER_SLOT + piece))];
    }).flat();
    return slotOf(pieces, troubledShare(troubles, startMs, Math.min(now, startMs + SLOT_MS)));
  });
  const known = slots.reduce((sum, { unknown }) => sum + 1 - unknown, 0);
  const running = slots.reduce((sum, { up, degraded }) => sum + up + degraded, 0);
  return { target, slots, share: known === 0 ? null : round(running / known) };
}

/** Undefined when nobody looked. */
function upShare(points: HistoryAnswer['points'] | undefined): number | undefined {
  if (points === undefined || points.length === 0) return undefined;
  return points.reduce((sum, { mean }) => sum + mean, 0) / points.length;
}

function slotOf(pieces: readonly (number | undefined)[], troubled: number): UptimeSlot {
  const known = pieces.filter((piece) => piece !== undefined);
  const total = Math.max(1, pieces.length);
  const running = known.reduce((sum, share) => sum + share, 0) / total;
  const degraded = Math.min(running, troubled * (known.length / total));
  const down = known.length / total - running;
  const unknown = 1 - known.length / total;
  const shares = {
    up: round(running - degraded),
    degraded: round(degraded),
    down: round(down),
    unknown: round(unknown),
  };
  return { state: stateOf(shares), ...shares };
}

/** A tenth of a minute of a slot is not worth a colour; anything more is. */
const NOTABLE_SHARE = 0.003;

function stateOf({ up, degraded, down }: Omit<UptimeSlot, 'state'>): UptimeSlot['state'] {
  if (down > NOTABLE_SHARE) return 'down';
  if (degraded > NOTABLE_SHARE) return 'degraded';
  return up > 0 ? 'up' : 'unknown';
}

/** Share of a time in which at least one of them fired. */
function troubledShare(episodes: readonly AlertEpisode[], fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  const spans = episodes
    .map(({ firedAt, resolvedAt = toMs }) => [Math.max(firedAt, fromMs), Math.min(resolvedAt, toMs)] as const)
    .filter(([from, to]) => to > from)
    .toSorted(([a], [b]) => a - b);
  let covered = 0;
  let reached = fromMs;
  for (const [from, to] of spans) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return covered / (toMs - fromMs);
}

function round(share: number): number {
  return Math.round(Math.max(0, share) * 10_000) / 10_000;
}
