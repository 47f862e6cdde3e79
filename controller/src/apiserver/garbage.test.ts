import { describe, expect, it } from 'vitest';
import { events, silences, type KubeObject } from '../kube/client.ts';
import { createSilentLog } from '../log.ts';
import { createGarbageCollector } from './garbage.ts';
import { openTestApi, silence, type TestApi } from './test-api.ts';

const here = (name: string) => ({ namespace: 'default', name });

function ownedBy(...owners: readonly KubeObject[]): Partial<KubeObject['metadata']> {
  return {
    ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      uid: metadata.uid!,
    })),
  };
}

function collectorOf(opened: TestApi) {
  return createGarbageCollector({ ...opened, log: createSilentLog() });
}

function names({ api }: TestApi): readonly string[] {
  return api.list(silences).items.map((item) => item.metadata.name);
}

describe('garbage collection', () => {
  it('takes dependents of any depth after their owner, and nobody else', async () => {
    const opened = await openTestApi();
    const collector = collectorOf(opened);
    collector.start();
    const create = (name: string, change = {}) => opened.api.create(silences, 'default', silence(name, change)).object;
    const root = create('root');
    const child = create('child', ownedBy(root));
    create('grandchild', ownedBy(child));
    const other = create('other');
    create('shared', ownedBy(root, other));
    opened.api.delete(silences, here('root'));
    await collector.idle();
    expect(names(opened)).toEqual(['other', 'shared']);
    opened.api.delete(silences, here('other'));
    await collector.idle();
    expect(names(opened)).toEqual([]);
    await collector.stop();
  });

  it('goes on with the others when one cannot be read', async () => {
    const opened = await openTestApi();
    const root = opened.api.create(silences, 'default', silence('root')).object;
    const [first] = ['first', 'second'].map((name) =>
      opened.api.create(silences, 'default', silence(name, ownedBy(root))),
    );
    const store: typeof opened.store = {
      ...opened.store,
      readByUid(uid) {
        if (uid === first?.object.metadata.uid) throw new Error('disk I/O error');
        return opened.store.readByUid(uid);
      },
    };
    const collector = collectorOf({ ...opened, store });
    collector.start();
    opened.api.delete(silences, here('root'));
    await collector.idle();
    expect(names(opened)).toEqual(['first']);
    await collector.stop();
  });

  it('knows an owner by uid, not by name', async () => {
    const opened = await openTestApi();
    const collector = collectorOf(opened);
    collector.start();
    const first = opened.api.create(silences, 'default', silence('a')).object;
    opened.api.delete(silences, here('a'));
    opened.api.create(silences, 'default', silence('a'));
    opened.api.create(silences, 'default', silence('late', ownedBy(first)));
    await collector.idle();
    expect(names(opened)).toEqual(['a']);
    await collector.stop();
  });

  it('ends at its start what a crash left undone', async () => {
    const opened = await openTestApi();
    const owner = opened.api.create(silences, 'default', silence('a')).object;
    opened.api.create(silences, 'default', silence('b', ownedBy(owner)));
    opened.api.delete(silences, here('a'));
    const collector = collectorOf(opened);
    collector.start();
    await collector.idle();
    expect(names(opened)).toEqual([]);
    await collector.stop();
    await collector.stop();
  });

  it('leaves dependents with finalizers to who must clean up', async () => {
    const opened = await openTestApi();
    const collector = collectorOf(opened);
    collector.start();
    const owner = opened.api.create(silences, 'default', silence('a')).object;
    opened.api.create(silences, 'default', silence('b', { ...ownedBy(owner), finalizers: ['foghorn.dev/cleanup'] }));
    opened.api.delete(silences, here('a'));
    await collector.idle();
    expect(opened.api.get(silences, 'default', 'b').metadata.deletionTimestamp).toBeDefined();
    await collector.stop();
  });

  it('takes events an hour after they were last written', async () => {
    const opened = await openTestApi();
    const collector = collectorOf(opened);
    opened.api.create(events, 'default', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'default' },
      involvedObject: { name: 'a' },
    });
    collector.start();
    await opened.clock.advance(50 * 60_000);
    expect(opened.api.list(events).items).toHaveLength(1);
    await opened.clock.advance(30 * 60_000);
    expect(opened.api.list(events).items).toHaveLength(0);
    await collector.stop();
  });
});
