import type { Bounds } from './time-range.ts';

/** Where a span lies on an axis, in percent of its width. */
export interface Placed {
  readonly left: number;
  readonly width: number;
}

/** A span that is shorter than this can still be seen and pointed at. */
const LEAST_PERCENT = 0.4;

/** Undefined when it lies outside. `toMs` null: it still goes on. */
export function place(fromMs: number, toMs: number | null, bounds: Bounds): Placed | undefined {
  const end = Math.min(toMs ?? bounds.toMs, bounds.toMs);
  const start = Math.max(fromMs, bounds.fromMs);
  if (end < bounds.fromMs || start > bounds.toMs || bounds.toMs <= bounds.fromMs) return undefined;
  const scale = 100 / (bounds.toMs - bounds.fromMs);
  const width = Math.max(LEAST_PERCENT, (end - start) * scale);
  const left = Math.min((start - bounds.fromMs) * scale, 100 - width);
  return { left: rounded(Math.max(0, left)), width: rounded(Math.min(100, width)) };
}

function rounded(percent: number): number {
  return Math.round(percent * 1000) / 1000;
}

export interface Tick {
  readonly at: number;
  readonly left: number;
  readonly label: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const stepsMs = [
  1000,
  5000,
  15_000,
  30_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  30 * DAY_MS,
];

/** At most `most` marks of an axis at whole local times. */
export function timeTicks(bounds: Bounds, most: number): readonly Tick[] {
  const lengthMs = bounds.toMs - bounds.fromMs;
  const stepMs = stepsMs.find((step) => lengthMs / step <= most) ?? lengthMs;
  const offsetMs = new Date(bounds.fromMs).getTimezoneOffset() * MINUTE_MS;
  const ticks: Tick[] = [];
  const first = Math.ceil((bounds.fromMs - offsetMs) / stepMs) * stepMs + offsetMs;
  for (let at = first; at <= bounds.toMs && ticks.length < most; at += stepMs) {
    ticks.push({ at, left: rounded(((at - bounds.fromMs) / lengthMs) * 100), label: tickLabel(at, stepMs) });
  }
  return ticks;
}

/** The time of a mark, as exact as the distance of the marks asks for. */
export function tickLabel(at: number, stepMs: number): string {
  const date = new Date(at);
  if (stepMs >= DAY_MS) return date.toLocaleDateString([], { month: 'short', day: 'numeric' });
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && stepMs >= HOUR_MS;
  if (isMidnight) return date.toLocaleDateString([], { weekday: 'short', day: 'numeric' });
  const second = stepMs < MINUTE_MS ? ({ second: '2-digit' } as const) : {};
  return date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', ...second, hour12: false });
}
