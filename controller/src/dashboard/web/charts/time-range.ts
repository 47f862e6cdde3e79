/** What time a chart shows. `recent` ends now and goes on; `fixed` was chosen by zooming. Epoch milliseconds. */
export type TimeRange =
  | { readonly kind: 'recent'; readonly name: RecentName; readonly lengthMs: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number };

export const recentNames = ['15m', '1h', '6h', '24h', '7d', '30d', '90d'] as const;
export type RecentName = (typeof recentNames)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const lengthsMs: Readonly<Record<RecentName, number>> = {
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
};

/** A zoom does not go below this: a chart of fewer samples says nothing. */
export const SHORTEST_MS: number = 10_000;
const LONGEST_MS = 366 * DAY_MS;

export function recent(name: RecentName): TimeRange {
  return { kind: 'recent', name, lengthMs: lengthsMs[name] };
}

/** Reads `1h` or `1700000000000,1700003600000`; what is neither gives the fallback. */
export function parseRange(text: string | undefined, fallback: RecentName = '1h'): TimeRange {
  const name = recentNames.find((known) => known === text);
  if (name !== undefined) return recent(name);
  const match = /^(\d{1,15}),(\d{1,15})$/.exec(text ?? '');
  const fromMs = Number(match?.[1]);
  const toMs = Number(match?.[2]);
  const lengthMs = toMs - fromMs;
  if (match === null || lengthMs < SHORTEST_MS || lengthMs > LONGEST_MS) return recent(fallback);
  return { kind: 'fixed', fromMs, toMs };
}

/** As it stands in the address. */
export function rangeText(range: TimeRange): string {
  return range.kind === 'recent' ? range.name : `${range.fromMs},${range.toMs}`;
}

export interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

export function boundsOf(range: TimeRange, nowMs: number): Bounds {
  return range.kind === 'fixed' ? range : { fromMs: nowMs - range.lengthMs, toMs: nowMs };
}

/** The range that a drag over a chart asks for; undefined when the drag was too short to mean anything. */
export function zoomedTo(aMs: number, bMs: number): TimeRange | undefined {
  const fromMs = Math.floor(Math.min(aMs, bMs));
  const toMs = Math.ceil(Math.max(aMs, bMs));
  return toMs - fromMs < SHORTEST_MS ? undefined : { kind: 'fixed', fromMs, toMs };
}

/** Earlier or later by half of what is shown; one that would pass the present stops there. */
export function shifted(range: TimeRange, direction: -1 | 1, nowMs: number): TimeRange {
  const { fromMs, toMs } = boundsOf(range, nowMs);
  const byMs = Math.min(Math.round(((toMs - fromMs) / 2) * direction), Math.max(0, nowMs - toMs));
  return { kind: 'fixed', fromMs: Math.round(fromMs + byMs), toMs: Math.round(toMs + byMs) };
}
