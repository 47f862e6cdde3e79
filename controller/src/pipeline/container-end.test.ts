import { describe, expect, it } from 'vitest';
import { buildObservation } from '../model/builders.ts';
import type { Change, ContainerObservation } from '../model/observation.ts';
import { buildFiringAlert, builtAt } from '../notify/builders.ts';
import { containerEnd } from './container-end.ts';

const crashed: Change = { kind: 'crashed', at: builtAt - 1000, exitCode: 1 };
const oomKilled: Change = { kind: 'oomKilled', at: builtAt - 1000 };

describe('containerEnd', () => {
  it.each<[string, Partial<ContainerObservation>, RegExp]>([
    ['that crashed', { state: 'exited', exitCode: 1 }, /^crashed/],
    ['that was stopped', { state: 'exited', exitCode: 137, stopRequestedAt: builtAt }, /on request/],
    ['that came to its end', { state: 'exited', exitCode: 0 }, /without an error/],
    ['that is missing', { state: 'missing' }, /no such container/],
    ['in a crash loop', { state: 'restarting', exitCode: 1 }, /again and again/],
    ['that runs again', { state: 'running', changes: [crashed] }, /it crashed, and was started again/],
    ['whose child was killed', { state: 'running', changes: [oomKilled] }, /lack of memory/],
    ['that is not healthy', { state: 'running', health: 'unhealthy' }, /health check/],
  ])('tells of a container %s how it came to it', (_, overrides, cause) => {
    expect(containerEnd(buildFiringAlert(), buildObservation(overrides))?.cause).toMatch(cause);
  });

  it('says nothing of a container that is well, or whose crash was long ago', () => {
    expect(containerEnd(buildFiringAlert(), buildObservation({ state: 'running' }))).toBeUndefined();
    const old = { ...crashed, at: builtAt - 3_600_000 };
    expect(containerEnd(buildFiringAlert(), buildObservation({ state: 'running', changes: [old] }))).toBeUndefined();
    expect(containerEnd(buildFiringAlert(), undefined)).toBeUndefined();
  });

  it('tells exit code, lack of memory and restarts', () => {
    const latest = buildObservation({ state: 'exited', exitCode: 137, restarts: 4, changes: [oomKilled] });
    expect(containerEnd(buildFiringAlert(), latest)).toMatchObject({ exitCode: 137, oomKilled: true, restarts: 4 });
    const again = buildObservation({ state: 'running', changes: [crashed] });
    expect(containerEnd(buildFiringAlert(), again)).toMatchObject({ exitCode: 1, oomKilled: false });
  });
});
