import { describe, expect, it } from 'vitest';
import { FoghornError } from '../errors.ts';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog, type Log } from '../log.ts';
import { silences, type KubeObject, type ResourceClient, type WatchEvent } from './client.ts';
import { createInformer } from './informer.ts';
import { StatusError } from './status.ts';

function object(name: string, resourceVersion: string): KubeObject {
  const metadata = { name, namespace: 'default', uid: `uid-${name}`, resourceVersion };
  return { apiVersion: 'foghorn.dev/v1alpha1', kind: 'Silence', metadata };
}

/** A server whose lists and watches the test plays. */
function fakeServer(lists: readonly (readonly KubeObject[] | Error)[]) {
  const listed: number[] = [];
  const watched: string[] = [];
  const queue: (WatchEvent | Error | 'end')[] = [];
  let wake: (() => void) | undefined;
  const client = {
    async list() {
      const answer = lists[Math.min(listed.length, lists.length - 1)]!;
      listed.push(listed.length);
      if (answer instanceof Error) throw answer;
      return { items: answer, resourceVersion: String(100 + listed.length) };
    },
    async *watch(_resource: unknown, { resourceVersion, signal }: { resourceVersion: string; signal: AbortSignal }) {
      watched.push(resourceVersion);
      while (!signal.aborted) {
        const next = queue.shift();
        if (next === 'end') return;
        if (next instanceof Error) throw next;
        if (next !== undefined) yield next;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener('abort', () => resolve());
          });
      }
    },
  } as unknown as ResourceClient;
  const play = async (...items: readonly (WatchEvent | Error | 'end')[]): Promise<void> => {
    queue.push(...items);
    wake?.();
    await turn();
  };
  return { client, listed, watched, play };
}

function createRecordingLog() {
  const warnings: string[] = [];
  const warn = (_fields: object, message: string): void => {
    warnings.push(message);
  };
  return { ...createSilentLog(), warn, debug: () => undefined, warnings } as unknown as Log & {
    readonly warnings: readonly string[];
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function follow(server: ReturnType<typeof fakeServer>) {
  const clock = createFakeClock();
  const changed: string[] = [];
  const told: string[] = [];
  const log = createRecordingLog();
  const informer = createInformer({
    client: server.client,
    resource: silences,
    clock,
    log,
    random: () => 1,
    onChange: (key) => {
      changed.push(key);
    },
    instruments: {
      informer: (kind) => ({
        listed: (why) => told.push(`${kind} listed: ${why}`),
        missed: (differences) => told.push(`${kind} missed ${differences}`),
      }),
    },
  });
  informer.start();
  return { clock, changed, informer, told, warnings: log.warnings };
}

const gone = new FoghornError('Gone', 'too old');

describe('informer', () => {
  it('lists, then follows, and names the key of everything that changes', async () => {
    const server = fakeServer([[object('a', '1')]]);
    const { changed, informer } = follow(server);
    await informer.synced;
    await server.play(
      { type: 'ADDED', object: object('b', '102') },
      { type: 'MODIFIED', object: object('a', '103') },
      { type: 'DELETED', object: object('b', '104') },
    );
    expect(changed).toEqual(['default/a', 'default/b', 'default/a', 'default/b']);
    expect(informer.list().map((item) => item.metadata.resourceVersion)).toEqual(['103']);
    expect(informer.get('default', 'a')?.metadata.resourceVersion).toBe('103');
    expect(informer.hasSynced()).toBe(true);
    await informer.stop();
    await informer.stop();
  });

  it('takes a watch that ended up where it ended, bookmarks included', async () => {
    const server = fakeServer([[]]);
    const { clock, informer } = follow(server);
    await informer.synced;
    await server.play(
      { type: 'ADDED', object: object('a', '105') },
      { type: 'BOOKMARK', resourceVersion: '120' },
      'end',
    );
    await clock.advance(1000);
    expect(server.watched).toEqual(['101', '120']);
    expect(server.listed).toHaveLength(1);
    await informer.stop();
  });

  it('lists again when the version is gone, and finds what was deleted meanwhile', async () => {
    const server = fakeServer([
      [object('a', '1'), object('b', '2')],
      [object('b', '2'), object('c', '3')],
    ]);
    const { changed, clock, informer } = follow(server);
    await informer.synced;
    await server.play(gone);
    await clock.advance(1000);
    expect(changed).toEqual(['default/a', 'default/b', 'default/a', 'default/c']);
    expect(informer.list()).toHaveLength(2);
    await informer.stop();
  });

  it('waits longer and longer for a server that is away, and is there when it is back', async () => {
    const away = new FoghornError('Unavailable', 'away');
    const server = fakeServer([away, away, away, [object('a', '1')]]);
    const { clock, informer } = follow(server);
    await clock.advance(799);
    expect(server.listed).toHaveLength(1);
    await clock.advance(1);
    expect(server.listed).toHaveLength(2);
    await clock.advance(1600);
    expect(server.listed).toHaveLength(3);
    expect(informer.hasSynced()).toBe(false);
    await clock.advance(3200);
    await informer.synced;
    await informer.stop();
  });

  it('lists anew every ten minutes', async () => {
    const server = fakeServer([[object('a', '1')], []]);
    const { changed, clock, informer } = follow(server);
    await informer.synced;
    await clock.advance(600_000);
    expect(server.listed).toHaveLength(2);
    expect(changed).toEqual(['default/a', 'default/a']);
    await informer.stop();
  });

  it('counts what a routine list finds that the watch did not tell, and not what it had no time to tell', async () => {
    const server = fakeServer([
      [object('a', '1'), object('b', '2'), object('c', '3')],
      [object('a', '1'), object('b', '90'), object('d', '95'), object('e', '106')],
    ]);
    const { clock, informer, told, warnings } = follow(server);
    await informer.synced;
    await server.play({ type: 'BOOKMARK', resourceVersion: '105' });
    await clock.advance(600_000);
    // b was changed, c deleted and d made without a word; e is newer than the last word.
    expect(told).toEqual(['Silence listed: first', 'Silence listed: routine', 'Silence missed 3']);
    expect(warnings).toEqual(['the watch had missed changes, which this list has found']);
    await informer.stop();
  });

  it('counts no differences when the watch was lost, for that is what lists are for', async () => {
    const server = fakeServer([[object('a', '1')], []]);
    const { clock, informer, told } = follow(server);
    await informer.synced;
    await server.play(gone);
    await clock.advance(1000);
    expect(told).toEqual(['Silence listed: first', 'Silence listed: lost']);
    await informer.stop();
  });

  it('stays away for as long as the server asks for', async () => {
    const details = { retryAfterSeconds: 60 };
    const busy = new StatusError('Unavailable', { message: 'busy', code: 429, details });
    const server = fakeServer([busy, [object('a', '1')]]);
    const { clock, informer } = follow(server);
    await clock.advance(59_999);
    expect(server.listed).toHaveLength(1);
    await clock.advance(1);
    await informer.synced;
    await informer.stop();
  });

  it('that is refused says so once, keeps trying, and is there when the right is', async () => {
    const forbidden = new FoghornError('Forbidden', 'silences is forbidden');
    const server = fakeServer([forbidden, forbidden, forbidden, []]);
    const { clock, informer, warnings } = follow(server);
    await clock.advance(2500);
    expect([informer.isRefused(), informer.hasSynced()]).toEqual([true, false]);
    await clock.advance(60_000);
    expect([informer.isRefused(), informer.hasSynced()]).toEqual([false, true]);
    expect(warnings).toEqual(['lost the watch, will list again: silences is forbidden']);
    await informer.stop();
  });

  it('outlives a handler that throws', async () => {
    const server = fakeServer([[object('a', '1')]]);
    const informer = createInformer({
      client: server.client,
      resource: silences,
      clock: createFakeClock(),
      log: createSilentLog(),
      onChange: () => {
        throw new Error('handler');
      },
    });
    informer.start();
    await informer.synced;
    await server.play({ type: 'ADDED', object: object('b', '2') });
    expect(informer.list()).toHaveLength(2);
    await informer.stop();
  });
});
