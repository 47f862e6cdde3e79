import { describe, expect, it } from 'vitest';
import { buildObservation, buildPolicy, buildTarget } from '../model/builders.ts';
import { isWatched, noteRunning } from './watched.ts';

const target = buildTarget({ name: 'web' });
const seen = new Set([target.id]);
const never = new Set<string>();

describe('isWatched', () => {
  it.each([
    ['a running container', 'running', never, [], true],
    ['a restarting container', 'restarting', never, [], true],
    ['one that ended after it was seen running', 'exited', seen, [], true],
    ['one that ended before anyone looked', 'exited', never, [], false],
    ['one that was created and never started', 'created', never, [], false],
    ['an expected one that ended before anyone looked', 'exited', never, ['web'], true],
    ['an expected one that is missing', 'missing', never, ['web'], true],
  ] as const)('%s', (_name, state, seenRunning, expected, watched) => {
    const policy = buildPolicy({ expect: expected });
    expect(isWatched(policy, buildObservation({ target, state }), seenRunning)).toBe(watched);
  });
});

it('remembers a bounded number of targets that were seen running, those that run still before all others', () => {
  const seenRunning = new Set<string>();
  for (const id of ['a', 'b', 'c', 'a', 'd']) noteRunning(seenRunning, id, 3);
  expect([...seenRunning]).toEqual(['c', 'a', 'd']);
});
