import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScreenRequest } from '../../answers/live.ts';
import { state } from '../overview/builders.ts';
import { createLiveClient, type Connection, type LiveClient, type Source } from './live-client.ts';
import type { LiveUpdate } from './live-view.ts';

interface FakeSource extends Source {
  readonly address: string;
  readyState: number;
  isClosed: boolean;
  say(type: string, data: unknown, id?: string): void;
}

function createFakeSource(address: string): FakeSource {
  const listeners = new Map<string, (event: MessageEvent<string>) => void>();
  return {
    address,
    readyState: 1,
    isClosed: false,
    addEventListener: (type, listener) => void listeners.set(type, listener),
    close() {
      this.isClosed = true;
    },
    say(type, data, lastEventId = '') {
      listeners.get(type)?.(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
    },
  };
}

describe('the live client', () => {
  let sources: FakeSource[] = [];
  let posts: { path: string; body: ScreenRequest }[] = [];
  let updates: LiveUpdate[] = [];
  let connections: Connection['state'][] = [];
  let ages: number[] = [];
  let refusals = 0;
  let client: LiveClient;
  const last = (): FakeSource => sources.at(-1) ?? createFakeSource('none');
  const hello = (stream = 's1'): void => last().say('hello', { stream, resumed: false, heartbeatMs: 15_000 });

  beforeEach(() => {
    vi.useFakeTimers();
    [sources, posts, updates, connections, ages, refusals] = [[], [], [], [], [], 0];
    client = createLiveClient({
      open(address) {
        sources.push(createFakeSource(address));
        return last();
      },
      post: (path, body) => posts.push({ path, body }),
      now: () => Date.now(),
      update: (update) => updates.push(update),
      connection: ({ state: next }) => connections.push(next),
      heard: (ageMs) => ages.push(ageMs),
      refused: () => {
        refusals += 1;
      },
    });
    client.start();
  });
  afterEach(() => {
    client.stop();
    vi.useRealTimers();
  });

  it('starts once, and hands on what it hears', () => {
    client.start();
    hello();
    last().say('state', state(), 'e-1');
    last().say('change', { at: 2 }, 'e-2');
    expect(sources.map(({ address }) => address)).toEqual(['./api/live?v=2']);
    expect(updates.map(({ kind }) => kind)).toEqual(['state', 'change']);
    expect(connections).toEqual(['live']);
  });

  it('tells each new stream what is on screen', () => {
    client.show({ ids: ['a'] });
    expect(posts).toEqual([]);
    hello('s1');
    client.show({ ids: ['b'] });
    expect(posts).toEqual([
      { path: 'api/live/s1/screen', body: { ids: ['a'] } },
      { path: 'api/live/s1/screen', body: { ids: ['b'] } },
    ]);
  });

  it('asks for what it missed when the stream was closed, later each time', async () => {
    hello();
    last().say('state', state(), 'e-7');
    for (const waitMs of [1000, 2000, 4000]) {
      last().readyState = 2;
      last().say('error', null);
      const before = sources.length;
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(sources.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(last().address).toBe('./api/live?v=2&last=e-7');
    }
    expect(refusals).toBe(3);
    expect(connections).toEqual(['live', 'lost']);
    hello('s2');
    expect(connections).toEqual(['live', 'lost', 'live']);
  });

  it('lets an EventSource that tries again by itself do so', async () => {
    hello();
    last().readyState = 0;
    last().say('error', null);
    await vi.advanceTimersByTimeAsync(5000);
    expect(sources).toHaveLength(1);
    hello('s2');
    expect(connections).toEqual(['live', 'lost', 'live']);
  });

  it('takes two silent heartbeats for a dead connection, and hears nothing more of it', async () => {
    hello();
    const [first] = sources;
    await vi.advanceTimersByTimeAsync(29_000);
    expect(sources).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4000);
    expect(first?.isClosed).toBe(true);
    expect(sources).toHaveLength(2);
    first?.say('state', state(), 'old');
    expect(updates).toEqual([]);
  });

  it('notices at once after a sleep that the connection is dead', () => {
    hello();
    vi.setSystemTime(Date.now() + 3_600_000);
    client.look();
    expect(connections).toEqual(['live', 'lost']);
  });

  it('knows how old the data is by the clock of the controller', () => {
    hello();
    last().say('alive', { at: 1000, now: 31_000 });
    expect(ages).toEqual([30_000]);
  });

  it('asks who it is when the session ended, and reconnects when the controller stops', async () => {
    hello();
    last().say('bye', { reason: 'signedOut' });
    expect(refusals).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    hello();
    last().say('bye', { reason: 'shutdown' });
    expect(refusals).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sources).toHaveLength(3);
  });

  it('is quiet once it is stopped', async () => {
    hello();
    client.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sources).toHaveLength(1);
    expect(last().isClosed).toBe(true);
  });
});
