import { describe, expect, it } from 'vitest';
import { decide, released, sight, type Candidate, type LeaseStep } from './decide.ts';
import type { LeaseRecord } from './lease.ts';

const self: Candidate = { identity: 'foghorn-1_a', url: 'http://10.0.0.1:8001' };
const now = Date.UTC(2026, 10, 22, 10, 0, 0, 123);
const others: LeaseRecord = {
  holder: 'foghorn-2_b',
  durationMs: 15_000,
  acquireTime: '2026-11-22T09:00:00.000000Z',
  renewTime: '2026-11-22T09:59:59.000000Z',
  transitions: 3,
  url: 'http://10.0.0.2:8001',
};
const mine = { ...others, holder: self.identity };
const at = (monotonic: number) => ({ self, at: { now, monotonic } });
const time = '2026-11-22T10:00:00.123000Z';
const asNew: LeaseRecord = {
  holder: self.identity,
  durationMs: 15_000,
  acquireTime: time,
  renewTime: time,
  transitions: 0,
  url: self.url,
};

describe('what a candidate does about the Lease', () => {
  it.each<[string, LeaseRecord | undefined, number, LeaseStep]>([
    ['makes one where none was ever seen', undefined, 0, { kind: 'write', record: asNew }],
    ['waits for the rest of another one', others, 4000, { kind: 'wait', forMs: 11_000 }],
    ['waits as long as its holder has said', { ...others, durationMs: 60_000 }, 4000, { kind: 'wait', forMs: 56_000 }],
    [
      'takes one that did not change for its duration',
      others,
      15_000,
      { kind: 'write', record: { ...asNew, transitions: 4 } },
    ],
    [
      'takes one that was given up, at once',
      { ...others, holder: '' },
      0,
      { kind: 'write', record: { ...asNew, transitions: 4 } },
    ],
    [
      'renews its own, however old',
      mine,
      90_000,
      { kind: 'write', record: { ...asNew, acquireTime: mine.acquireTime, transitions: 3 } },
    ],
  ])('%s', (_name, record, afterMs, expected) => {
    const last = record && sight(undefined, record, 1000);
    expect(decide(last, at(1000 + afterMs))).toEqual(expected);
  });

  it('never looks at the times in it: its holder lives on another clock', () => {
    const wrong = { ...others, renewTime: '1970-01-01T00:00:00.000000Z' };
    expect(decide(sight(undefined, wrong, 1000), at(2000))).toMatchObject({ kind: 'wait' });
  });

  it('counts from the last change that it saw itself', () => {
    const first = sight(undefined, others, 1000);
    const unchanged = sight(first, { ...others, url: undefined }, 9000);
    const renewed = sight(unchanged, { ...others, renewTime: time }, 14_000);
    expect([first.since, unchanged.since, renewed.since]).toEqual([1000, 1000, 14_000]);
  });

  it('gives up by leaving no holder and no way to it', () => {
    expect(released(mine, { now })).toEqual({
      holder: '',
      durationMs: 1000,
      acquireTime: time,
      renewTime: time,
      transitions: 3,
      url: undefined,
    });
  });
});
