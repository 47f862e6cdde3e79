import type { HistoryPoint, HistoryRequest } from './history.ts';
import type { Awaitable } from './steps.ts';
import type { Summary } from './summary.ts';

/** Samples of one width and how long they are kept. */
export interface Tier {
  /** Width of an interval in milliseconds; 0 for samples as they came. Each a multiple of the tier before it. */
  readonly resolutionMs: number;
  readonly keepMs: number;
}

/** Finest first. */
export type Tiers = readonly [Tier, ...Tier[]];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const defaultTiers: Tiers = [
  { resolutionMs: 0, keepMs: 6 * HOUR_MS },
  { resolutionMs: MINUTE_MS, keepMs: 2 * DAY_MS },
  { resolutionMs: 10 * MINUTE_MS, keepMs: 14 * DAY_MS },
  { resolutionMs: HOUR_MS, keepMs: 90 * DAY_MS },
];

/** What the times of a tier's rows are counted in: its interval, or milliseconds. */
export function unitMsOf({ resolutionMs }: Tier): number {
  return Math.max(1, resolutionMs);
}

/** How a request is answered: from which tier, in intervals of which width, over which time. */
export interface QueryPlan {
  readonly level: number;
  /** 0 for samples as they came, else a multiple of the tier's resolution. */
  readonly widthMs: number;
  /** First and last millisecond, both included; whole intervals at the start. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The finest tier that reaches back far enough and has no more than the wanted points; when none has, the coarsest with
 * intervals as wide as it takes. `countRaw` says how many samples of the target lie between two times, both included.
 */
export async function planQuery(
  tiers: Tiers,
  request: HistoryRequest,
  nowMs: number,
  countRaw: (fromMs: number, toMs: number) => Awaitable<number>,
): Promise<QueryPlan> {
  const longestMs = Math.max(...tiers.map((tier) => tier.keepMs));
  const fromMs = Math.max(request.fromMs, nowMs - longestMs);
  const toMs = Math.min(request.toMs, nowMs);
  const maxPoints = Math.max(2, request.maxPoints);
  for (const [level, { resolutionMs, keepMs }] of tiers.entries()) {
    if (fromMs < nowMs - keepMs) continue;
    const points = resolutionMs === 0 ? await countRaw(fromMs, toMs) : intervals(fromMs, toMs, resolutionMs);
    if (points <= maxPoints) return plan(level, resolutionMs, fromMs, toMs);
  }
  const coarsest = Math.max(1, tiers.at(-1)?.resolutionMs ?? 1);
  let factor = Math.max(1, Math.ceil((toMs - fromMs) / coarsest / maxPoints));
  while (intervals(fromMs, toMs, factor * coarsest) > maxPoints) factor += 1;
  return plan(tiers.length - 1, factor * coarsest, fromMs, toMs);
}

function plan(level: number, widthMs: number, fromMs: number, toMs: number): QueryPlan {
  return { level, widthMs, fromMs: widthMs === 0 ? fromMs : startOfInterval(fromMs, widthMs), toMs };
}

function intervals(fromMs: number, toMs: number, widthMs: number): number {
  return Math.floor(toMs / widthMs) - Math.floor(fromMs / widthMs) + 1;
}

export function startOfInterval(at: number, widthMs: number): number {
  return Math.floor(at / widthMs) * widthMs;
}

/** Values are kept with 24 bits; seven digits give back the number that was meant (85.2, not 85.19999694824219). */
const SIGNIFICANT_DIGITS = 7;

/** Points in order of time, at most `maxPoints`, the newest if a clock that was set back left more. */
export function toPoints(summaries: ReadonlyMap<number, Summary>, maxPoints: number): readonly HistoryPoint[] {
  const sorted = [...summaries].sort(([a], [b]) => a - b);
  return (maxPoints > 0 ? sorted.slice(-maxPoints) : []).map(([at, { min, mean, max }]) => ({
    at,
    min: round(min),
    mean: round(mean),
    max: round(max),
  }));
}

function round(value: number): number {
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
