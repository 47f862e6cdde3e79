import { expect, it } from 'vitest';
import { isStale } from './staleness.ts';

it.each([
  [{ state: 'live' }, { ageMs: 0, heardAt: 0 }, 20_000, false],
  [{ state: 'live' }, { ageMs: 0, heardAt: 0 }, 36_000, true],
  [{ state: 'live' }, { ageMs: 30_000, heardAt: 0 }, 6000, true],
  [{ state: 'lost', since: 0 }, { ageMs: 0, heardAt: 0 }, 1, true],
  [{ state: 'connecting' }, undefined, 99_000, false],
] as const)('%o with data %o is stale at %s: %s', (connection, freshness, now, stale) => {
  expect(isStale(connection, freshness, now)).toBe(stale);
});
