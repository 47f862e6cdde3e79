import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fakeTarget } from '../fake-reader.ts';
import { SLOW_EVERY_MS } from './broadcaster.ts';
import { LOOK_EVERY_MS, MAX_STREAMS } from './live.ts';
import { HEARTBEAT_MS, STALLED_MS } from './stream.ts';
import { startLive } from './test-live.ts';

const idOf = (index: number): string => fakeTarget(index, 0).observation.target.id;

describe('a live stream', () => {
  it('begins with everything, without what only rows on screen need', () => {
    const { open } = startLive(2);
    const page = open();
    expect(page.names()).toEqual(['hello', 'state']);
    expect(page.last('hello')).toMatchObject({ resumed: false, heartbeatMs: HEARTBEAT_MS });
    const state = page.last('state');
    expect(state?.rows).toHaveLength(2);
    expect(state?.rows[0]).toMatchObject({
      id: idOf(0),
      name: 'service-0000',
      namespace: 'project-0',
      severity: 'ok',
      labels: { tier: 'web' },
      alerts: { firing: 0, pending: 0, quiet: 0 },
      cpuPercent: 0,
    });
    expect(JSON.stringify(state)).not.toMatch(/History|com\.docker/);
    expect(state).toMatchObject({ alerts: [], problems: [], policies: [], email: { configured: true } });
  });

  it('sends a row that stopped at once, and rows of which only the readings moved together, later', async () => {
    const { clock, reader, open, tick } = startLive();
    const page = open();
    await tick();
    reader.put(fakeTarget(1, clock.now(), { state: 'exited' }));
    reader.move(1);
    page.clear();
    await tick();
    expect(page.last('change')?.rows?.map(({ id, state }) => [id, state])).toEqual([[idOf(1), 'exited']]);
    expect(page.last('change')?.readings).toBeUndefined();
    page.clear();
    await clock.advance(SLOW_EVERY_MS);
    expect(page.last('change')?.readings?.map(({ id }) => id)).toEqual([idOf(0)]);
  });

  it('says which rows are gone', async () => {
    const { reader, open, tick } = startLive();
    const page = open();
    await tick();
    reader.remove(idOf(2));
    await tick();
    expect(page.last('change')).toMatchObject({ removed: [idOf(2)] });
  });

  it('sends nothing while nothing changes but a sign of life', async () => {
    const { clock, open, tick } = startLive();
    const page = open();
    await tick();
    page.clear();
    await clock.advance(HEARTBEAT_MS);
    expect(page.names()).toEqual(['alive']);
  });

  it('sends sparklines and quick readings of the rows on its own screen only', async () => {
    const { reader, live, open, tick } = startLive(4);
    const page = open();
    const other = open();
    expect(live.show(page.stream, { ids: [idOf(1), idOf(2)] })).toBe(true);
    expect(page.last('screen')?.rows.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
    expect(page.last('screen')?.rows[0]?.cpuHistory).toHaveLength(60);
    expect(page.last('screen')?.rows[0]).toMatchObject({ cpuThreshold: 80, memoryThreshold: null });
    page.clear();
    live.show(page.stream, { ids: [idOf(2), idOf(3)] });
    expect(page.last('screen')?.rows.map(({ id }) => id)).toEqual([idOf(3)]);
    page.clear();
    await tick();
    reader.move(3);
    await tick();
    expect(page.last('screen')?.rows.map(({ id }) => id)).toEqual([idOf(2)]);
    expect(other.names()).not.toContain('screen');
  });

  it('sends the log lines to whoever shows them, when they change', async () => {
    const { reader, live, open, tick } = startLive();
    let lines = ['one'];
    Object.assign(reader, { recentLines: () => lines });
    const page = open();
    live.show(page.stream, { ids: [], lines: true });
    await tick();
    expect(page.last('screen')).toMatchObject({ metricsLines: ['one'], statusLines: ['one'], rows: [] });
    page.clear();
    await tick();
    expect(page.names()).not.toContain('screen');
    lines = ['one', 'two'];
    await tick();
    expect(page.last('screen')).toMatchObject({ metricsLines: ['one', 'two'] });
  });

  it('of another name is none', () => {
    const { live } = startLive();
    expect(live.show('unknown', { ids: [] })).toBe(false);
  });
});

describe('bounds of live streams', () => {
  it('one that does not read gets nothing more, catches up when it reads, and is cut off in the end', async () => {
    const { clock, reader, open, tick } = startLive();
    const slow = open();
    await tick();
    slow.response.writableNeedDrain = true;
    slow.clear();
    for (const state of ['exited', 'running', 'paused'] as const) {
      reader.put(fakeTarget(1, clock.now(), { state }));
      await tick();
    }
    expect(slow.names()).toEqual([]);
    slow.response.writableNeedDrain = false;
    await tick();
    expect(slow.names()).toEqual(['change', 'change', 'change']);
    slow.response.writableNeedDrain = true;
    await clock.advance(STALLED_MS + 2 * LOOK_EVERY_MS);
    expect(slow.response.destroyed).toBe(true);
  });

  it('there are no more than the bound', () => {
    const { live, open } = startLive(1);
    for (let opened = 0; opened < MAX_STREAMS; opened += 1) expect(open().opened).toBe(true);
    const refused = open();
    expect(refused.opened).toBe(false);
    expect(live.count()).toBe(MAX_STREAMS);
    expect(refused.names()).toEqual([]);
  });

  it('one whose viewer has signed out ends', async () => {
    const { live, open, tick } = startLive();
    let isStillIn = true;
    const page = open({ isStillIn: () => isStillIn });
    await tick();
    isStillIn = false;
    await tick();
    expect(page.last('bye')).toEqual({ reason: 'signedOut' });
    expect(live.count()).toBe(0);
  });

  it('end while a broadcast is under way, and nothing is written after their end', async () => {
    const { clock, reader, live, open } = startLive();
    const pages = Array.from({ length: 60 }, () => open());
    reader.put(fakeTarget(1, clock.now(), { state: 'exited' }));
    const ticking = clock.advance(LOOK_EVERY_MS);
    await setImmediate();
    await live.stop();
    await ticking;
    for (const page of pages) expect(page.names().at(-1)).toBe('bye');
  });

  it('all end with the controller, and say so', async () => {
    const { live, open } = startLive();
    const pages = [open(), open()];
    await live.stop();
    for (const page of pages) expect(page.last('bye')).toEqual({ reason: 'shutdown' });
    expect(open().opened).toBe(false);
  });
});

it('no text of a container ends an event or begins another', async () => {
  const hostile = 'x\n\nevent: state\ndata: {"rows":[]}\r\n\r\nid: 1\u2028\u2029</script>\u0000';
  const { clock, reader, live, open, tick } = startLive(0);
  const target = {
    ...fakeTarget(0, 0).observation.target,
    id: hostile,
    name: hostile,
    image: hostile,
    labels: { [hostile]: hostile },
  };
  const page = open();
  reader.put(fakeTarget(0, clock.now(), { target, note: hostile }));
  reader.set({ problems: [{ key: hostile, reason: hostile, message: hostile, since: 0 }] });
  Object.assign(reader, { recentLines: () => [hostile] });
  live.show(page.stream, { ids: [hostile], lines: true });
  await tick();
  expect(page.names().toSorted()).toEqual(['change', 'hello', 'screen', 'screen', 'state']);
  expect(page.last('change')?.rows?.[0]?.name).toBe(hostile);
  expect(page.last('screen')?.rows[0]?.id).toBe(hostile);
  reader.remove(hostile);
  await tick();
  expect(page.last('change')?.removed).toEqual([hostile]);
});
