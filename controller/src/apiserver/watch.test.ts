import { describe, expect, it } from 'vitest';
import { isFoghornError } from '../errors.ts';
import { silences, type WatchEvent } from '../kube/client.ts';
import { openTestApi, silence } from './test-api.ts';

const here = (name: string) => ({ namespace: 'default', name });

function follow(watch: AsyncIterable<WatchEvent>) {
  const events: WatchEvent[] = [];
  const ended = (async () => {
    for await (const event of watch) events.push(event);
  })();
  return { events, ended };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('watch', () => {
  it('first tells what happened since the version, then what happens', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    const signal = new AbortController();
    const { events, ended } = follow(api.watch(silences, { resourceVersion: '1', signal: signal.signal }));
    await turn();
    api.delete(silences, here('a'));
    await turn();
    signal.abort();
    await ended;
    expect(events).toMatchObject([
      { type: 'ADDED', object: { metadata: { resourceVersion: '2' } } },
      { type: 'DELETED', object: { metadata: { resourceVersion: '3', name: 'a' } } },
    ]);
  });

  it('ends with Gone when the version has been forgotten', async () => {
    const { api, store } = await openTestApi();
    let last = store.put(silences, silence('a', { uid: 'u' }), undefined);
    for (let count = 0; count < 10_200; count += 1)
      last = store.put(silences, { ...last, spec: { comment: String(count) } }, last);
    const { ended } = follow(api.watch(silences, { resourceVersion: '2', signal: new AbortController().signal }));
    await expect(ended).rejects.toSatisfy((thrown) => isFoghornError(thrown, 'Gone'));
  });

  it('does not make writers wait for a watcher that reads nothing, and gives it all later', async () => {
    const { api } = await openTestApi();
    const signal = new AbortController();
    const slow = api.watch(silences, { resourceVersion: '1', signal: signal.signal })[Symbol.asyncIterator]();
    for (let count = 0; count < 3_000; count += 1) {
      api.create(silences, 'default', silence(`s${count}`));
    }
    const seen: string[] = [];
    while (seen.length < 3_000) {
      const next = await slow.next();
      if (next.done === true || next.value.type === 'BOOKMARK') break;
      seen.push(next.value.object.metadata.name);
    }
    signal.abort();
    expect(seen).toEqual(Array.from({ length: 3_000 }, (_, index) => `s${index}`));
  });

  it('does not lose its place to writes of other kinds while it waits', async () => {
    const { api, store } = await openTestApi();
    const signal = new AbortController();
    const { events, ended } = follow(api.watch(silences, { resourceVersion: '1', signal: signal.signal }));
    await turn();
    const alert = {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'Alert',
      metadata: { name: 'a', namespace: 'default', uid: 'u' },
    };
    let last = store.put({ ...silences, plural: 'alerts', kind: 'Alert' }, alert, undefined);
    for (let count = 0; count < 10_500; count += 1)
      last = store.put({ ...silences, plural: 'alerts', kind: 'Alert' }, last, last);
    api.create(silences, 'default', silence('a'));
    await turn();
    signal.abort();
    await ended;
    expect(events).toHaveLength(1);
  });

  it('sends a bookmark once a minute to who asks, with the version of now', async () => {
    const { api, clock } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    const signal = new AbortController();
    const { events, ended } = follow(
      api.watch(silences, { resourceVersion: '2', signal: signal.signal, bookmarks: true, labelSelector: 'a=b' }),
    );
    await turn();
    await clock.advance(61_000);
    signal.abort();
    await ended;
    expect(events).toEqual([{ type: 'BOOKMARK', resourceVersion: '2' }]);
  });

  it('ends when the store closes', async () => {
    const { api, store } = await openTestApi();
    const { ended } = follow(api.watch(silences, { resourceVersion: '1', signal: new AbortController().signal }));
    await turn();
    store.close();
    await expect(ended).resolves.toBeUndefined();
  });

  it('serves a thousand watchers of one change', async () => {
    const { api } = await openTestApi();
    const signal = new AbortController();
    const all = Array.from({ length: 1000 }, () =>
      follow(api.watch(silences, { resourceVersion: '1', signal: signal.signal })),
    );
    await turn();
    api.create(silences, 'default', silence('a'));
    await turn();
    signal.abort();
    await Promise.all(all.map(({ ended }) => ended));
    expect(all.every(({ events }) => events.length === 1)).toBe(true);
  });

  it.each(['', 'abc', '-1', '1.5', '01'])('refuses the version "%s"', async (resourceVersion) => {
    const { api } = await openTestApi();
    const { signal } = new AbortController();
    expect(() => api.watch(silences, { resourceVersion, signal })).toThrow('invalid resource version');
  });
});
