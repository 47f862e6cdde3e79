import { describe, expect, it } from 'vitest';
import { createDockerReader } from './docker-reader.ts';
import { buildObservation, buildTarget } from '../model/builders.ts';
import type { Resources } from '../model/observation.ts';
import type { TargetSnapshot } from '../model/snapshot.ts';

const collector = {
  containers: () => [],
  hosts: () => [],
  logs: () => Promise.reject(new Error('not asked here')),
};

type SeenTarget = Pick<TargetSnapshot, 'observation' | 'policies'>;

function target(resources: Resources, policies: readonly string[]): SeenTarget {
  return { observation: buildObservation({ at: 5, target: buildTarget(), resources }), policies };
}

const policies = [
  { key: 'default/a', intervalMs: 30_000 },
  { key: 'default/b', intervalMs: 10_000 },
];

describe('the reader of the Docker view', () => {
  it.each<readonly [string, SeenTarget, readonly unknown[]]>([
    [
      'a container with both readings, over the shortest interval',
      target({ cpuCores: 0.5, memoryBytes: 1024 }, ['default/a', 'default/b']),
      [{ targetId: 'local/web', at: 5, windowMs: 10_000, cpuCores: 0.5, memoryBytes: 1024 }],
    ],
    ['nothing before the first rate', target({ memoryBytes: 1024 }, ['default/a']), []],
    ['nothing of a container that no policy watches any more', target({ cpuCores: 1, memoryBytes: 1 }, []), []],
    [
      'nothing of a container that could not be looked at',
      {
        policies: ['default/a'],
        observation: { kind: 'unreachable', at: 5, target: buildTarget(), reason: 'Timeout', message: '', probes: {} },
      },
      [],
    ],
  ])('gives %s', (_, seen, readings) => {
    const reader = createDockerReader({ collector, snapshot: () => ({ targets: [seen], policies }) });
    expect(reader.readings()).toEqual(readings);
  });
});
