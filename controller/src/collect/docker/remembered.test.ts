import { describe, expect, it } from 'vitest';
import { createContainers, type Containers } from './containers.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { recordedEngines, recordedState } from './recorded.ts';

const NOW = 1_800_000_000_000;
const TEN_MINUTES = 600_000;

const [engine] = recordedEngines;
const running: ContainerFacts = { ...recordedState(engine, 'nolimit'), id: 'a', name: 'web', labels: {} };

function firstLook(containers: Containers, facts: ContainerFacts): void {
  containers.applyInspect({ facts, now: NOW, isSettled: false, isFirst: true });
}

/** What a process tells at its first look, after one that saw the container as it was. */
function told(before: ContainerFacts, after: ContainerFacts): readonly string[] {
  const former = createContainers('here');
  firstLook(former, before);
  const containers = createContainers('here', former.remembered(NOW));
  firstLook(containers, after);
  const changes = containers.find('here/web')?.changes ?? [];
  return changes.map(({ kind, detail }) => (detail === undefined ? kind : `${kind}: ${detail}`));
}

describe('what happened while no process watched', () => {
  const rebuilt = { ...running, id: 'b', image: 'web:1', imageId: 'sha256:222222222222' };
  const older = { ...running, image: 'web:1', imageId: 'sha256:111111111111' };
  const otherwise = { ...running.fingerprint, whole: 'another' };
  it.each<[string, ContainerFacts, ContainerFacts, readonly string[]]>([
    ['nothing', running, running, []],
    ['a deploy', older, rebuilt, ['deployed: image web:1 rebuilt: 111111111111 -> 222222222222']],
    [
      'another configuration',
      running,
      { ...running, id: 'b', fingerprint: otherwise },
      ['configured: recreated with another configuration'],
    ],
    ['a container made anew of the same', running, { ...running, id: 'b' }, []],
    ['a crash', running, { ...running, restartCount: running.restartCount + 1 }, ['crashed', 'restarted']],
    ['a start by hand, at which the engine counts anew', { ...running, restartCount: 3 }, running, []],
    ['a stop and a start', running, { ...running, startedAt: NOW }, []],
    [
      'a kill for lack of memory',
      running,
      { ...recordedState(engine, 'oom'), id: 'a', name: 'web', labels: {}, fingerprint: running.fingerprint },
      ['oomKilled'],
    ],
    ['an update', running, { ...running, fingerprint: { whole: 'another', updatable: 'another' } }, ['configured']],
  ])('is told: %s', (_, before, after, changes) => {
    expect(told(before, after)).toEqual(changes);
  });

  it('is nothing of a container that no process knew', () => {
    expect(told({ ...running, name: 'db' }, running)).toEqual([]);
  });

  it('is told of a container that is made after the first look, for as long as a removed one is remembered', () => {
    const earlier = new Map([['here/web', older]]);
    const createdAfter = (ms: number): readonly string[] => {
      const containers = createContainers('here', earlier);
      firstLook(containers, { ...running, id: 'c', name: 'db' });
      containers.applyInspect({ facts: rebuilt, now: NOW + ms, isSettled: false, isFirst: false });
      return (containers.find('here/web')?.changes ?? []).map(({ kind }) => kind);
    };
    expect(createdAfter(TEN_MINUTES)).toEqual(['deployed']);
    expect(createdAfter(TEN_MINUTES + 1)).toEqual([]);
  });

  it('is left to the next process while the engine is away, and not for ever', () => {
    const earlier = new Map([['here/web', older]]);
    const containers = createContainers('here', earlier);
    expect([...containers.remembered(NOW).keys()]).toEqual(['here/web']);
    firstLook(containers, { ...running, id: 'c', name: 'db' });
    expect([...containers.remembered(NOW + TEN_MINUTES).keys()]).toEqual(['here/web', 'here/db']);
    expect([...containers.remembered(NOW + TEN_MINUTES + 1).keys()]).toEqual(['here/db']);
  });
});
