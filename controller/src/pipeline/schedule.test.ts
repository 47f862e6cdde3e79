import { describe, expect, it } from 'vitest';
import { buildPolicy, buildTarget } from '../model/builders.ts';
import { whatIsDue } from './schedule.ts';

const policy = buildPolicy({ intervalMs: 30_000 });
const cache = buildTarget({ name: 'cache' });
const quiet = new Map<string, number>();

describe('whatIsDue', () => {
  it('is a full round for a policy that never had one', () => {
    expect(whatIsDue(policy, { wakeAt: quiet }, 1000)).toEqual({ kind: 'full' });
  });

  it.each([
    ['nothing within the interval', 60_000, 89_999, undefined],
    ['a full round at the next multiple of the interval', 60_000, 90_000, { kind: 'full' }],
    ['a full round soon after a late one, back on the grid', 89_000, 90_000, { kind: 'full' }],
    ['a full round when the clock was set back', 60_000, 10_000, { kind: 'full' }],
  ])('is %s', (_name, lastRoundAt, now, expected) => {
    expect(whatIsDue(policy, { lastRoundAt, wakeAt: quiet }, now)).toEqual(expected);
  });

  it.each([
    ['a full round when a host is back', 65_000, { kind: 'full' }],
    ['nothing when the last one was after that', 60_000, undefined],
    ['nothing when that lies ahead: the clock was set back', 65_001, undefined],
  ])('is %s', (_name, hostBackAt, expected) => {
    expect(whatIsDue(policy, { lastRoundAt: 60_000, wakeAt: quiet, hostBackAt }, 65_000)).toEqual(expected);
  });

  it('is a partial round of the targets that something happened to', () => {
    const wakeAt = new Map([[cache.id, 65_000]]);
    expect(whatIsDue(policy, { lastRoundAt: 60_000, wakeAt }, 65_000)).toEqual({
      kind: 'partial',
      ids: new Set([cache.id]),
    });
    expect(whatIsDue(policy, { lastRoundAt: 60_000, wakeAt }, 64_999)).toBeUndefined();
  });
});
