import { describe, expect, it } from 'vitest';
import { FoghornError, isFoghornError } from '../errors.ts';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { silences, type WatchEvent } from './client.ts';
import type { ClusterRequest, Transport } from './cluster-transport.ts';
import { watchCluster } from './cluster-watch.ts';

type Play = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** A server that answers each watch with the next of some streams, and the last of them again and again. */
function playing(streams: readonly Play[]) {
  const asked: ClusterRequest[] = [];
  const transport: Transport = {
    call: async () => undefined,
    text: async () => '',
    close: async () => undefined,
    open: async (request, signal) => {
      asked.push(request);
      return streams[Math.min(asked.length, streams.length) - 1]!(signal);
    },
  };
  return { asked, transport };
}

function lines(...events: readonly unknown[]): Play {
  return async function* () {
    for (const event of events) yield Buffer.from(`${JSON.stringify(event)}\n`);
  };
}

/** Says nothing until the signal ends it. */
const silent: Play = async function* (signal) {
  await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
  yield Buffer.from('');
};

function change(type: string, resourceVersion: string) {
  return { type, object: { metadata: { name: 'a', namespace: 'default', resourceVersion } } };
}

function follow(streams: readonly Play[]) {
  const clock = createFakeClock();
  const { asked, transport } = playing(streams);
  const ending = new AbortController();
  const seen: WatchEvent[] = [];
  const deps = { transport, clock, log: createSilentLog(), random: () => 1 };
  const run = async (): Promise<unknown> => {
    const request = { resourceVersion: '5', labelSelector: 'a=b', signal: ending.signal };
    for await (const event of watchCluster(deps, silences, request)) seen.push(event);
    return undefined;
  };
  return { clock, asked, seen, ending, over: run().catch((thrown: unknown) => thrown) };
}

describe('watch of a cluster', () => {
  it('asks for bookmarks, an end and what comes after the version', async () => {
    const { asked, clock, ending, over } = follow([silent]);
    await clock.advance(0);
    ending.abort();
    expect(await over).toBeUndefined();
    expect(asked).toEqual([
      {
        method: 'GET',
        path: '/apis/foghorn.dev/v1alpha1/silences',
        query: {
          labelSelector: 'a=b',
          watch: 'true',
          allowWatchBookmarks: 'true',
          timeoutSeconds: '600',
          resourceVersion: '5',
        },
      },
    ]);
  });

  it('goes on from the last version, of a bookmark too, when the connection ends or breaks', async () => {
    const breaking: Play = async function* (signal) {
      yield* lines(change('MODIFIED', '9'))(signal);
      throw new Error('connection reset');
    };
    const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '8' } } };
    const { asked, clock, ending, over, seen } = follow([lines(change('ADDED', '7'), bookmark), breaking, silent]);
    await clock.advance(10_000);
    ending.abort();
    expect(await over).toBeUndefined();
    expect(asked.map(({ query }) => query['resourceVersion'])).toEqual(['5', '8', '9']);
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK', 'MODIFIED']);
  });

  it('takes a connection that is silent for two minutes for dead', async () => {
    const { asked, clock, ending, over } = follow([silent]);
    await clock.advance(119_999);
    expect(asked).toHaveLength(1);
    await clock.advance(2000);
    expect(asked).toHaveLength(2);
    ending.abort();
    expect(await over).toBeUndefined();
  });

  it('waits longer from try to try when connections end at once', async () => {
    const { asked, clock, ending, over } = follow([lines()]);
    await clock.advance(60_000);
    expect(asked.length).toBeLessThan(9);
    ending.abort();
    await over;
  });

  it.each([
    ['a version that is too old', { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }, 'Gone'],
    ['a fault of the server', { type: 'ERROR', object: { kind: 'Status', code: 500 } }, 'Unavailable'],
    ['an event that is none', { type: 'PARTY' }, 'Unavailable'],
    ['an object without metadata', { type: 'ADDED', object: {} }, 'Unavailable'],
  ] as const)('ends with %s', async (_name, event, code) => {
    expect(isFoghornError(await follow([lines(event)]).over, code)).toBe(true);
  });

  it('ends without a fault when its caller ends it for one', async () => {
    const { clock, ending, over } = follow([silent]);
    await clock.advance(0);
    ending.abort(new FoghornError('Terminal', 'stopping'));
    expect(await over).toBeUndefined();
  });
});
