import { describe, expect, it } from 'vitest';
import { buildObservation } from '../model/builders.ts';
import type { Change, ContainerObservation } from '../model/observation.ts';
import { isAboutToRun, undecidedUntil, withSettledProbes } from './settling.ts';

const now = 1_000_000;
const stopGraceMs = 15_000;
const refused = { protocol: 'http', at: now, up: false, error: { kind: 'refused', message: 'refused' } } as const;
const slow = { protocol: 'http', at: now, up: true, status: 200, latencyMs: 2000 } as const;

function judged(overrides: Partial<ContainerObservation>): object {
  const observation = buildObservation({ at: now, probes: { refused, slow }, ...overrides });
  return withSettledProbes(observation, stopGraceMs).probes;
}

describe('withSettledProbes', () => {
  it.each<[string, Partial<ContainerObservation>]>([
    ['one that was stopped on request', { state: 'exited', stopRequestedAt: now - 14_999 }],
    ['one that began to run a moment ago', { state: 'running', startedAt: now - 14_999 }],
    ['one that Compose has created and not started yet', { state: 'created', createdAt: now - 59_999 }],
  ])('leaves out failures and latencies of %s', (_name, overrides) => {
    expect(judged(overrides)).toEqual({ slow: { protocol: 'http', at: now, up: true, status: 200 } });
  });

  it.each<[string, Partial<ContainerObservation>]>([
    ['one whose stop has lasted', { state: 'exited', stopRequestedAt: now - 15_000 }],
    ['one that crashed', { state: 'exited', finishedAt: now }],
    ['one that runs for some time', { state: 'running', startedAt: now - 15_000 }],
    ['one that was never started', { state: 'created', createdAt: now - 60_000 }],
    ['one that is missing', { state: 'missing' }],
    ['one that was started before the clock was set back', { state: 'running', startedAt: now + 3_600_000 }],
    ['one that was stopped before the clock was set back', { state: 'exited', stopRequestedAt: now + 3_600_000 }],
  ])('keeps all of %s', (_name, overrides) => {
    expect(judged(overrides)).toEqual({ refused, slow });
  });
});

function crash(at: number): Change {
  return { kind: 'crashed', at, exitCode: 1 };
}

describe('isAboutToRun', () => {
  it.each<[string, Partial<ContainerObservation>, boolean]>([
    ['stopped on request', { state: 'exited', stopRequestedAt: now - 14_999 }, true],
    ['created', { state: 'created', createdAt: now - 59_999 }, true],
    ['recreated after a stop that lasted', { state: 'created', createdAt: now, stopRequestedAt: now - 15_000 }, true],
    ['a stop that lasts', { state: 'exited', stopRequestedAt: now - 15_000 }, false],
    ['created and never started', { state: 'created', createdAt: now - 60_000 }, false],
    ['a crash', { state: 'exited', createdAt: now - 1 }, false],
    ['crashed with a restart policy', { state: 'restarting', changes: [crash(now - 4999)] }, true],
    ['waiting longer for its restart, in a loop', { state: 'restarting', changes: [crash(now - 5000)] }, false],
    ['restarting since before anybody looked', { state: 'restarting' }, false],
    ['crashed without a restart policy', { state: 'exited', changes: [crash(now)] }, false],
    ['running though a stop was asked for', { state: 'running', stopRequestedAt: now }, false],
    ['created on a host whose clock is a little ahead', { state: 'created', createdAt: now + 5000 }, true],
    ['created before the clock was set back', { state: 'created', createdAt: now + 3_600_000 }, false],
  ])('of one that is %s', (_name, overrides, expected) => {
    expect(isAboutToRun(buildObservation({ at: now, ...overrides }), stopGraceMs)).toBe(expected);
  });
});

describe('undecidedUntil', () => {
  it.each<[string, Partial<ContainerObservation>, number | undefined]>([
    ['was stopped', { state: 'exited', stopRequestedAt: now - 5000 }, now + 10_000],
    ['was created after a stop', { state: 'created', createdAt: now, stopRequestedAt: now }, now + 60_000],
    ['crashed again', { state: 'restarting', changes: [crash(now - 9000), crash(now - 1)] }, now + 4999],
    ['was started again by its policy', { restarts: 1, startedAt: now - 9999 }, now + 1],
    ['has run since its policy started it', { restarts: 1, startedAt: now - 10_000 }, undefined],
    ['was started by hand', { restarts: 0, startedAt: now - 1 }, undefined],
    ['runs on a host whose clock is ahead', { restarts: 1, startedAt: now + 60_000 }, undefined],
    ['crashed', { state: 'exited', restarts: 1, startedAt: now - 1, changes: [crash(now)] }, undefined],
  ])('of one that %s', (_name, overrides, expected) => {
    expect(undecidedUntil(buildObservation({ at: now, ...overrides }), stopGraceMs)).toBe(expected);
  });
});
