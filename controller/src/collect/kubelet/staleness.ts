import type { Sample } from '../sample.ts';
import type { Samples } from './decode/summary.ts';
import { KubeletError } from './failure.ts';

/** Kubelets sample every 10 to 15 s, metrics-server every 15 to 60 s: what is older is of another time. */
export const STALE_MS = 120_000;

const NS_PER_MS = 1_000_000;

/** When the sample was seen first: it does not age by a clock that stands still. */
export interface Sighting {
  readonly readAtNs: bigint;
  readonly at: number;
}

export function sight(before: Sighting | undefined, { readAtNs }: Sample, now: number): Sighting {
  return before?.readAtNs === readAtNs ? before : { readAtNs, at: now };
}

/**
 * Why the sample is too old to be told, for people; undefined when it is not. `clockMs` is of who told it, undefined
 * when its time is not to be relied on.
 */
export function staleness(
  sample: Sample,
  clockMs: number | undefined,
  { at }: Sighting,
  now: number,
): string | undefined {
  const toldMs = clockMs === undefined ? 0 : clockMs - Number(sample.readAtNs) / NS_PER_MS;
  const ageMs = Math.max(toldMs, now - at);
  if (ageMs <= STALE_MS) return undefined;
  return `its last reading is ${Math.round(ageMs / 1000)} s old: whoever measures stands still`;
}

/** A fault when all that was told is too old. Nothing at all is no fault: an empty node. */
export function staleFault(samples: Samples, clockMs: number): KubeletError | undefined {
  if (samples.size === 0) return undefined;
  const newestNs = [...samples.values()].reduce((newest, { readAtNs }) => (readAtNs > newest ? readAtNs : newest), 0n);
  const ageMs = clockMs - Number(newestNs) / NS_PER_MS;
  if (ageMs <= STALE_MS) return undefined;
  return new KubeletError(
    'stale',
    `its newest reading is ${Math.round(ageMs / 1000)} s old: its statistics stand still`,
  );
}
