import { describe, expect, it } from 'vitest';
import type { Change } from '../../model/observation.ts';
import { decodePod } from './decode/pod.ts';
import { createPods, type Pods } from './pods.ts';
import { recordedItems, recordedWatch } from './recorded.ts';

/** Plays a recorded watch, a second an event; gives back what is told under each identity. */
function play(pods: Pods, scenario: string): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, Change[]>();
  let now = 0;
  for (const event of recordedWatch(scenario)) {
    now += 1000;
    const pod = decodePod(event.object);
    if (pod === undefined) throw new Error('a recorded object is no pod');
    const ids = event.type === 'DELETED' ? pods.remove(pod.uid, now) : pods.apply(pod, now);
    for (const id of ids) told.set(id, [...(pods.find(id)?.changes ?? told.get(id) ?? [])]);
  }
  return new Map([...told].map(([id, changes]) => [id, changes.map(describeChange)]));
}

function describeChange({ kind, exitCode, detail }: Change): string {
  return [kind, exitCode, detail].filter((part) => part !== undefined).join(' ');
}

describe('what is told of recorded pods', () => {
  it('a crash loop: each crash with its exit code and each restart, once', () => {
    const told = play(createPods('kind'), 'crashloop').get('kind/shop/deployment/crasher/0/main');
    expect(told?.slice(0, 4)).toEqual(['crashed 3', 'restarted', 'crashed 3', 'restarted']);
    expect(told?.filter((change) => change === 'crashed 3')).toHaveLength(6);
    expect(told?.filter((change) => change === 'restarted')).toHaveLength(5);
  });

  it('a kill for lack of memory, though no event says so', () => {
    const told = play(createPods('kind'), 'oom').get('kind/shop/pod/leaky/0/main');
    expect(told?.slice(0, 3)).toEqual(['oomKilled', 'crashed 137', 'restarted']);
  });

  it('a rollout: one note of a deploy for all replicas, and no crash', () => {
    const pods = createPods('kind');
    play(pods, 'create');
    expect(pods.targets().map(({ id }) => id)).toEqual([
      'kind/shop/deployment/web/0/web',
      'kind/shop/deployment/web/1/web',
    ]);
    const told = play(pods, 'rollout');
    const deployed = 'deployed image registry.example.com/shop/web:1.0 -> registry.example.com/shop/web:1.1';
    expect([...told]).toEqual([
      ['kind/shop/deployment/web/0/web', [deployed]],
      ['kind/shop/deployment/web/1/web', []],
    ]);
  });

  it('a rollout of the same image with another configuration, and one back: a note each', () => {
    const pods = createPods('kind');
    play(pods, 'create');
    const made = pods.targets().map(({ instance }) => instance);
    const roll = (hash: string, name: string, at: number): readonly string[] => {
      const running = recordedWatch('create')
        .flatMap(({ object }) => decodePod(object) ?? [])
        .at(-1);
      if (running === undefined) throw new Error('no pod was recorded');
      for (const [index, old] of made.entries()) {
        const uid = `${name}-${index}`;
        const labels = { ...running.labels, 'pod-template-hash': hash };
        pods.apply(
          { ...running, uid, name: uid, createdAt: at, labels, owner: { kind: 'ReplicaSet', name: `web-${hash}` } },
          at,
        );
        pods.remove(old, at);
        made[index] = uid;
      }
      return pods
        .targets()
        .flatMap(({ id }) => pods.find(id)?.changes ?? [])
        .filter((change) => change.at === at)
        .map(describeChange);
    };
    expect(roll('b', 'second', 2e12)).toEqual(['configured recreated with another configuration']);
    expect(roll('c', 'third', 3e12)).toEqual(['configured recreated with another configuration']);
    expect(roll('b', 'fourth', 4e12)).toEqual(['configured recreated with another configuration']);
  });

  it('a scale-down: the target leaves, wanted', () => {
    const pods = createPods('kind');
    play(pods, 'create');
    play(pods, 'rollout');
    const told = play(pods, 'scale-down');
    expect([...told.values()].flat().filter((change) => change.startsWith('crashed'))).toEqual([]);
    expect(pods.targets()).toHaveLength(1);
  });

  it('a Job that ended well is watched no more; one that failed is a crash', () => {
    const pods = createPods('kind');
    play(pods, 'job');
    expect(pods.targets()).toEqual([]);
    const told = play(pods, 'job-failed');
    expect([...told.values()].flat().filter((change) => change.startsWith('crashed'))).not.toEqual([]);
    expect(pods.targets().map(({ id }) => id)).toEqual(['kind/shop/job/report-bad/0/main']);
  });
});

describe('what is known of recorded pods', () => {
  const pods = createPods('kind');
  pods.replace(
    recordedItems('pods.json').flatMap((item) => decodePod(item) ?? []),
    0,
  );

  it.each([
    ['daemonset/node-agent/node-1/agent', { state: 'running', health: 'none' }],
    ['pod/static-agent-node-1/0/main', { state: 'running' }],
    ['deployment/crasher/0/main', { state: 'exited', exitCode: 3, restarts: 4 }],
    ['pod/duo/0/app', { state: 'running' }],
    ['pod/duo/0/sidecar', { state: 'running' }],
    ['pod/leaky/0/main', { state: 'exited', oomKilled: true }],
    ['pod/unready/0/main', { state: 'running', health: 'unhealthy' }],
    ['pod/toobig/0/main', { state: 'created' }],
  ])('%s', (id, expected) => {
    const found = pods.targets().find((target) => target.id.endsWith(`/${id}`));
    expect(pods.find(found?.id ?? '')?.container).toMatchObject(expected);
  });

  it('waits with its reason for an image that cannot be had', () => {
    const found = pods.targets().find(({ id }) => id.endsWith('/pod/noimage/0/main'));
    expect(pods.find(found?.id ?? '')?.container.waiting).toMatch(/^(ImagePullBackOff|ErrImagePull)/);
  });

  it('tells nothing of what was before the first list', () => {
    expect(pods.targets().flatMap(({ id }) => pods.find(id)?.changes ?? [])).toEqual([]);
  });

  it.each([
    ['what is over again since another watched', 0, ['oomKilled', 'crashed 137', 'restarted']],
    ['nothing that happened while another watched', 1, []],
  ])('tells at the first list %s', (_name, afterMs, expected) => {
    const restarted = recordedWatch('oom')
      .flatMap(({ object }) => decodePod(object) ?? [])
      .find(({ containers: [container] }) => container?.state === 'running' && container.restarts > 0);
    const endedAt = restarted?.containers[0]?.lastEnd?.finishedAt ?? 0;
    const seen = createPods('kind');
    seen.replace(restarted === undefined ? [] : [restarted], endedAt + 9000, endedAt + afterMs);
    const [target] = seen.targets();
    expect(seen.find(target?.id ?? '')?.changes.map(describeChange)).toEqual(expected);
  });
});
