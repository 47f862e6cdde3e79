import { describe, expect, it } from 'vitest';
import { buildObservation } from '../model/builders.ts';
import type { ContainerObservation } from '../model/observation.ts';
import { isAboutToRun, withSettledProbes } from './settling.ts';

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
  ])('keeps all of %s', (_name, overrides) => {
    expect(judged(overrides)).toEqual({ refused, slow });
  });
});

describe('isAboutToRun', () => {
  it.each<[string, Partial<ContainerObservation>, boolean]>([
    ['stopped on request', { state: 'exited', stopRequestedAt: now - 14_999 }, true],
    ['created', { state: 'created', createdAt: now - 59_999 }, true],
    ['recreated after a stop that lasted', { state: 'created', createdAt: now, stopRequestedAt: now - 15_000 }, true],
    ['a stop that lasts', { state: 'exited', stopRequestedAt: now - 15_000 }, false],
    ['created and never started', { state: 'created', createdAt: now - 60_000 }, false],
    ['a crash', { state: 'exited', createdAt: now - 1 }, false],
    ['running though a stop was asked for', { state: 'running', stopRequestedAt: now }, false],
  ])('of one that is %s', (_name, overrides, expected) => {
    expect(isAboutToRun(buildObservation({ at: now, ...overrides }), stopGraceMs)).toBe(expected);
  });
});
