import type { ClaimOutcome } from './claim.ts';
import { RENEW_DEADLINE_MS } from './decide.ts';

/** Where a replica stands in the election; times are of its monotonic clock. */
export type Tenure =
  | { readonly kind: 'candidate' }
  | {
      readonly kind: 'leading';
      /** When the last renewal that succeeded began: nobody else saw an older Lease since. */
      readonly heldFrom: number;
      /** Of the Lease that was won; another number means that somebody else has had it meanwhile. */
      readonly transitions: number;
    }
  | { readonly kind: 'lost'; readonly reason: string };

/** By the time alone: whether nobody else can have taken over yet. */
export function isHeldAt(tenure: Tenure, monotonic: number): boolean {
  return tenure.kind === 'leading' && monotonic < deadlineOf(tenure);
}

export function deadlineOf({ heldFrom }: Extract<Tenure, { kind: 'leading' }>): number {
  return heldFrom + RENEW_DEADLINE_MS;
}

/** A renewal that comes too late is none: another may have come and gone before it. */
export function afterTime(tenure: Tenure, monotonic: number): Tenure {
  return tenure.kind !== 'leading' || isHeldAt(tenure, monotonic)
    ? tenure
    : { kind: 'lost', reason: `the Lease could not be renewed for ${RENEW_DEADLINE_MS / 1000} s` };
}

/** What has come of an attempt at the Lease, as known now. */
export function afterClaim(before: Tenure, outcome: ClaimOutcome, monotonic: number): Tenure {
  const tenure = afterTime(before, monotonic);
  if (tenure.kind === 'lost' || outcome.kind === 'failed') return tenure;
  const isLeading = tenure.kind === 'leading';
  if (outcome.kind === 'taken') return isLeading ? { kind: 'lost', reason: 'another replica holds the Lease' } : tenure;
  const { transitions } = outcome.record;
  if (isLeading && tenure.transitions !== transitions) {
    return { kind: 'lost', reason: 'another replica has held the Lease meanwhile' };
  }
  const held: Tenure = { kind: 'leading', heldFrom: outcome.from, transitions };
  return isHeldAt(held, monotonic) ? held : tenure;
}
