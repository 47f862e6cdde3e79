import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { silences } from '../../kube/client.ts';
import { createSilentLog } from '../../log.ts';
import { openTestApi, silence } from '../test-api.ts';
import { parseRequest } from './request-info.ts';
import { prepareWatch } from './watch-stream.ts';

const PATH = '/apis/foghorn.dev/v1alpha1/namespaces/default/silences';

/** A client that takes `room` bytes and then nothing more. */
function createClient(room: number) {
  const events = new EventEmitter();
  const client = Object.assign(events, {
    taken: 0,
    isCut: false,
    destroyed: false,
    write(chunk: Buffer): boolean {
      client.taken += chunk.length;
      return client.taken < room;
    },
    end: () => undefined,
    destroy() {
      client.isCut = true;
      client.destroyed = true;
      events.emit('close');
    },
  });
  return client;
}

async function watch(room: number) {
  const opened = await openTestApi();
  const info = parseRequest('GET', PATH, true);
  if (info?.kind !== 'resource') throw new Error('not a resource');
  const stream = prepareWatch(
    { ...opened, log: createSilentLog() },
    {
      info,
      kind: opened.kinds.of(silences),
      user: { name: 'u', groups: [] },
      query: new URLSearchParams('watch=1&timeoutSeconds=3600'),
      headers: { accept: undefined, contentType: undefined, userAgent: undefined },
      body: new Uint8Array(),
    },
  );
  const client = createClient(room);
  const stopped = new AbortController();
  // only what the stream uses of a response
  const ended = stream.run(client as unknown as ServerResponse, stopped.signal);
  return { ...opened, client, stopped, ended };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a watch', () => {
  it('cuts a client that takes nothing for half a minute, and holds no more than a slice for it', async () => {
    const { api, client, clock, ended } = await watch(1);
    api.create(silences, 'default', silence('large', { annotations: { note: 'x'.repeat(200_000) } }));
    await turn();
    await turn();
    expect(client.taken).toBe(64 * 1024);
    await clock.advance(29_999);
    await turn();
    expect(client.isCut).toBe(false);
    await clock.advance(1);
    await ended;
    expect(client.isCut).toBe(true);
    expect(client.taken).toBe(64 * 1024);
  });

  it('goes on when the client reads again', async () => {
    const { api, client, stopped, ended } = await watch(1);
    api.create(silences, 'default', silence('a'));
    await turn();
    await turn();
    const before = client.taken;
    api.create(silences, 'default', silence('b'));
    client.emit('drain');
    await turn();
    await turn();
    expect(client.taken).toBeGreaterThan(before);
    stopped.abort();
    await ended;
    expect(client.isCut).toBe(true);
  });

  it('ends when the client goes, and leaves no listener behind', async () => {
    const { client, ended } = await watch(1e9);
    await turn();
    client.emit('close');
    await ended;
    expect(client.listenerCount('close') + client.listenerCount('drain')).toBe(0);
  });
});
