import { describe, expect, it } from 'vitest';
import type { ClaimOutcome } from './claim.ts';
import { released } from './decide.ts';
import { decodeLease, encodeLease } from './lease.ts';
import { afterClaim, afterTime, isHeldAt, type Tenure } from './tenure.ts';

const lease = encodeLease(
  released(
    { holder: '', durationMs: 15_000, acquireTime: '', renewTime: '', transitions: 3, url: undefined },
    { now: 0 },
  ),
  { namespace: 'foghorn', name: 'foghorn-controller' },
  undefined,
);
const held = (from: number, transitions = 3): ClaimOutcome => ({
  kind: 'held',
  from,
  lease,
  record: { ...decodeLease(lease), transitions },
  before: undefined,
});
const taken: ClaimOutcome = { kind: 'taken', forMs: 15_000 };
const failed: ClaimOutcome = { kind: 'failed', error: new Error('no answer') };
const candidate: Tenure = { kind: 'candidate' };
const leading = (heldFrom: number): Tenure => ({ kind: 'leading', heldFrom, transitions: 3 });
const lost = (reason: string): unknown => ({ kind: 'lost', reason: expect.stringContaining(reason) });

describe('where a replica stands', () => {
  it.each<[string, Tenure, ClaimOutcome, number, unknown]>([
    ['a candidate leads from when the write began that won', candidate, held(1000), 4000, leading(1000)],
    ['a candidate that heard of it too late is none yet', candidate, held(1000), 11_000, candidate],
    ['a candidate goes on while it is held', candidate, taken, 5000, candidate],
    ['a candidate goes on without an answer', candidate, failed, 5000, candidate],
    ['a leader leads on from when its renewal began', leading(1000), held(3000), 4000, leading(3000)],
    ['a leader leads on without an answer until its deadline', leading(1000), failed, 10_999, leading(1000)],
    ['a leader without an answer has lost at its deadline', leading(1000), failed, 11_000, lost('for 10 s')],
    ['a renewal after the deadline comes too late', leading(1000), held(10_500), 11_000, lost('for 10 s')],
    ['a leader has lost what another holds', leading(1000), taken, 3000, lost('another replica holds')],
    ['a leader has lost what another has held', leading(1000), held(3000, 5), 3000, lost('meanwhile')],
  ])('%s', (_name, before, outcome, monotonic, expected) => {
    expect(afterClaim(before, outcome, monotonic)).toEqual(expected);
  });

  it('is known by the time alone', () => {
    expect(isHeldAt(leading(1000), 10_999)).toBe(true);
    expect(isHeldAt(leading(1000), 11_000)).toBe(false);
    expect(afterTime(leading(1000), 11_000)).toEqual(lost('for 10 s'));
    expect(afterTime(candidate, 11_000)).toBe(candidate);
  });
});
