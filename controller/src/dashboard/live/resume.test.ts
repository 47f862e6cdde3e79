import { describe, expect, it } from 'vitest';
import { fakeTarget } from '../fake-reader.ts';
import { startLive } from './test-live.ts';

describe('a stream that comes back', () => {
  it('gets only what it missed', async () => {
    const { clock, reader, open, tick } = startLive();
    open();
    const page = open();
    await tick();
    const lastId = page.lastId();
    page.response.destroy();
    reader.put(fakeTarget(1, clock.now(), { state: 'exited' }));
    await tick();
    reader.put(fakeTarget(2, clock.now(), { state: 'paused' }));
    await tick();
    const again = open({ lastId });
    expect(again.names()).toEqual(['hello', 'change', 'change']);
    expect(again.last('hello')?.resumed).toBe(true);
  });

  it('gets what changed while nobody watched', async () => {
    const { clock, reader, open, tick } = startLive();
    const page = open();
    await tick();
    const lastId = page.lastId();
    page.response.destroy();
    await tick();
    reader.put(fakeTarget(1, clock.now(), { state: 'exited' }));
    const again = open({ lastId });
    expect(again.names()).toEqual(['hello', 'change']);
    expect(again.last('change')?.rows?.[0]?.state).toBe('exited');
  });

  it.each([
    ['that it never had', () => 'AAAAAAAA.7'],
    ['that makes no sense', () => 'nonsense\n\ndata: x'],
  ])('with an id %s gets everything', async (_what, lastId) => {
    const { open, tick } = startLive();
    await tick();
    const page = open({ lastId: lastId() });
    expect(page.names()).toEqual(['hello', 'state']);
  });

  it('after more changes than are kept gets everything', async () => {
    const { clock, reader, open, tick } = startLive();
    open();
    const page = open();
    await tick();
    const lastId = page.lastId();
    page.response.destroy();
    for (let round = 0; round < 300; round += 1) {
      reader.put(fakeTarget(1, clock.now(), { restarts: round + 1 }));
      await tick();
    }
    expect(open({ lastId }).names()).toEqual(['hello', 'state']);
  });

  it('long after everybody had gone gets everything', async () => {
    const { clock, open, tick } = startLive();
    const page = open();
    await tick();
    const lastId = page.lastId();
    page.response.destroy();
    await clock.advance(120_000);
    expect(open({ lastId }).names()).toEqual(['hello', 'state']);
  });
});
