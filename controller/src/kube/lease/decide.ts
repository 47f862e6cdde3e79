import { microTime, type LeaseRecord } from './lease.ts';

/** client-go's: so long after the last sign of life of a leader another takes over. */
export const LEASE_DURATION_MS = 15_000;
/** A leader that could not renew for so long is none; the rest of the lease is for what it has under way. */
export const RENEW_DEADLINE_MS = 10_000;

/** A Lease as this replica last saw it. */
export interface Sighting {
  readonly record: LeaseRecord;
  /** On the own monotonic clock: when it was first seen to be so. */
  readonly since: number;
}

export interface Candidate {
  readonly identity: string;
  readonly url: string;
}

export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly monotonic: number;
}

export type LeaseStep =
  /** To be written: it is free, expired or ours. */
  | { readonly kind: 'write'; readonly record: LeaseRecord }
  /** Another one's, for so long at least. */
  | { readonly kind: 'wait'; readonly forMs: number };

/**
 * When a Lease was last seen to change. Only that says whether its holder lives: the times in it are of a clock that may
 * be wrong.
 */
export function sight(before: Sighting | undefined, record: LeaseRecord, monotonic: number): Sighting {
  return before !== undefined && isSame(before.record, record) ? before : { record, since: monotonic };
}

/**
 * What a candidate does about the Lease, as client-go's `tryAcquireOrRenew`. Unlike there, one that was deleted is not
 * taken before it would have expired: its holder does not know yet.
 * @param last as last seen; it may have been deleted since
 */
export function decide(
  last: Sighting | undefined,
  { self, at }: { readonly self: Candidate; readonly at: Moment },
): LeaseStep {
  if (last === undefined) return { kind: 'write', record: taken(self, at, 0) };
  const { record, since } = last;
  if (record.holder === self.identity) {
    const { acquireTime, transitions } = record;
    return { kind: 'write', record: { ...taken(self, at, transitions), acquireTime } };
  }
  const expiresInMs = since + record.durationMs - at.monotonic;
  if (record.holder !== '' && expiresInMs > 0) return { kind: 'wait', forMs: expiresInMs };
  return { kind: 'write', record: taken(self, at, record.transitions + 1) };
}

/** The Lease of a holder that gives it up: the next one need not wait. */
export function released(record: LeaseRecord, { now }: Pick<Moment, 'now'>): LeaseRecord {
  const time = microTime(now);
  return { ...record, holder: '', durationMs: 1000, acquireTime: time, renewTime: time, url: undefined };
}

function taken({ identity, url }: Candidate, { now }: Moment, transitions: number): LeaseRecord {
  const time = microTime(now);
  return {
    holder: identity,
    durationMs: LEASE_DURATION_MS,
    acquireTime: time,
    renewTime: time,
    transitions,
    url,
  };
}

function isSame(one: LeaseRecord, other: LeaseRecord): boolean {
  return (
    one.holder === other.holder &&
    one.renewTime === other.renewTime &&
    one.acquireTime === other.acquireTime &&
    one.transitions === other.transitions &&
    one.durationMs === other.durationMs
  );
}
