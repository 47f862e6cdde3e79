import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Generator, LaunchOrder, LoadLauncher, Output } from './launcher.ts';

/** What a launcher is tried with: a server that counts, and a way to make one that knows nothing of the first. */
export interface LauncherWorld {
  readonly url: string;
  /** A launcher as a controller has it that was restarted. */
  open(): LoadLauncher;
  /** Makes a generator of a fake end by itself after so many requests; a real one does. */
  complete?(launcher: LoadLauncher, generator: Generator, requests: number): void;
  close(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 100;
const { signal } = new AbortController();

/** What every launcher must do, on the fake and on the real ones. */
export function testLauncher(name: string, openWorld: () => Promise<LauncherWorld>): void {
  describe(`a launcher: ${name}`, { timeout: 180_000 }, () => {
    let world: LauncherWorld;
    let launcher: LoadLauncher;
    let owner: string;
    let count = 0;

    beforeEach(async () => {
      world = await openWorld();
      launcher = world.open();
      count += 1;
      owner = `owner-${process.pid}-${Math.random().toString(36).slice(2, 8)}-${count}`;
    });
    afterEach(async () => {
      for (const one of await list()) await launcher.remove(one, signal);
      await launcher.close();
      await world.close();
    });

    const list = async (): Promise<readonly Generator[]> => (await launcher.list(owner, signal)).generators;
    const order = (over: Partial<LaunchOrder> = {}, duration = '60s'): LaunchOrder => {
      const args = ['--json', '--rate', '20', '--duration', duration, '--concurrency', '5', '--endpoint', 'GET /'];
      const run = 1_700_000_000_000;
      const identity = { owner, run, index: 0, parallelism: 1, name: 'contract', namespace: 'default' };
      return { ...identity, planMs: 60_000, url: world.url, args, ...over };
    };
    const inState = (kind: Generator['state']['kind']): Promise<Generator> =>
      until(kind, async () => (await list()).find(({ state }) => state.kind === kind));
    const bothInState = (kind: Generator['state']['kind']): Promise<readonly Generator[]> =>
      until(`two ${kind}`, async () => {
        const found = (await list()).filter(({ state }) => state.kind === kind);
        return found.length === 2 ? found : undefined;
      });
    const saying = (generator: Generator, has: (output: Output) => boolean): Promise<Output> =>
      until('output', async () => {
        const output = await launcher.read(generator, signal);
        return has(output) ? output : undefined;
      });

    it('starts a generator once, however often it is asked', async () => {
      await launcher.launch(order(), signal);
      await launcher.launch(order(), signal);
      expect(await list()).toHaveLength(1);
      expect(await inState('running')).toMatchObject({ owner, run: 1_700_000_000_000, index: 0 });
    });

    it('tells generators by owner, run and index', async () => {
      await launcher.launch(order({ parallelism: 2 }), signal);
      await launcher.launch(order({ parallelism: 2, index: 1 }), signal);
      await launcher.launch(order({ run: 1_700_000_000_001 }), signal);
      const found = (await list()).map(({ run, index }) => `${run}/${index}`).sort();
      expect(found).toEqual(['1700000000000/0', '1700000000000/1', '1700000000001/0']);
      expect((await launcher.list(`${owner}-other`, signal)).generators).toEqual([]);
      const all = (await launcher.list(undefined, signal)).generators.filter((one) => one.owner === owner);
      expect(all).toHaveLength(3);
    });

    it('is found, read and ended by a launcher that did not start it', async () => {
      await launcher.launch(order(), signal);
      await launcher.close();
      launcher = world.open();
      const generator = await inState('running');
      await saying(generator, ({ progress }) => (progress?.requests ?? 0) > 0);
      await launcher.stop(generator, false, signal);
      await launcher.stop(generator, false, signal);
      const ended = await inState('ended');
      const { report } = await saying(ended, (output) => output.report !== undefined);
      expect(report).toMatchObject({ ended: 'stopped' });
    });

    it('says how it went, when the plan is over', async () => {
      await launcher.launch(order({}, '2s'), signal);
      world.complete?.(launcher, await inState('running'), 40);
      const ended = await inState('ended');
      expect(ended.state).toMatchObject({ code: 0 });
      const { report } = await launcher.read(ended, signal);
      expect(report).toMatchObject({ ended: 'completed', requests: 40, errors: 0 });
    });

    it('shares the load among the generators of a run', async () => {
      for (const index of [0, 1]) await launcher.launch(order({ parallelism: 2, index }, '2s'), signal);
      for (const one of await bothInState('running')) world.complete?.(launcher, one, 20);
      const outputs = await Promise.all((await bothInState('ended')).map((one) => launcher.read(one, signal)));
      expect(outputs.map(({ report }) => report?.requests)).toEqual([20, 20]);
    });

    it('ends by force', async () => {
      await launcher.launch(order(), signal);
      await launcher.stop(await inState('running'), true, signal);
      expect((await inState('ended')).state).not.toMatchObject({ code: 0 });
    });

    it('leaves nothing behind, and removes twice without a fault', async () => {
      await launcher.launch(order(), signal);
      const generator = await inState('running');
      await launcher.remove(generator, signal);
      await launcher.remove(generator, signal);
      expect(await until('gone', async () => ((await list()).length === 0 ? true : undefined))).toBe(true);
      expect(await launcher.read(generator, signal)).toMatchObject({ complaint: '' });
    });
  });
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`not in time: ${what}`);
}
