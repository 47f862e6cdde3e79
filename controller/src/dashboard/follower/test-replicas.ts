import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';
import { createLog, type Log } from '../../log.ts';
import type { Access } from '../../model/access.ts';
import type { Leader } from '../../model/leadership.ts';
import { replicaKey, type ReplicaKey } from '../access/replica-key.ts';
import { withPasswords } from '../access/test-dashboard.ts';
import { createFakeDesk, type FakeDesk } from '../fake-desk.ts';
import { createFakeReader, type FakeReader } from '../fake-reader.ts';
import { createLive, LOOK_EVERY_MS, type Live } from '../live/live.ts';
import { buildDashboard } from '../server.ts';
import { buildFollower, type FollowerDeps, type FollowerOptions } from './follower.ts';

/** Replicas that listen on sockets of their own, until the end of the test. */
export interface TestReplicas {
  readonly clock: FakeClock;
  readonly reader: FakeReader;
  readonly desk: FakeDesk;
  readonly leader: TestLeader;
  /** As the followers see it. */
  lead(leader: Leader | undefined): void;
  startLeader(name: string): Promise<TestLeader>;
  startFollower(changes?: FollowerChanges): Promise<TestFollower>;
  /** Until all have looked. */
  look(): Promise<void>;
  /** All that was written to the log. */
  logged(): string;
}

export interface FollowerChanges {
  readonly deps?: Partial<FollowerDeps>;
  readonly options?: Partial<FollowerOptions>;
}

export interface TestLeader {
  readonly app: FastifyInstance;
  readonly live: Live;
  /** Without a slash at its end. */
  readonly url: string;
  readonly leader: Leader;
  /** As if its process ended. */
  die(): Promise<void>;
}

export interface TestFollower {
  readonly app: FastifyInstance;
  readonly url: string;
}

export const key: ReplicaKey = replicaKey(withPasswords, undefined);

export async function startReplicas({
  access = withPasswords,
}: { readonly access?: Access } = {}): Promise<TestReplicas> {
  const clock = createFakeClock();
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const reader = createFakeReader({ clock, containers: 3 });
  const desk = createFakeDesk();
  const looks: (() => void)[] = [];
  const options = {
    host: '127.0.0.1',
    port: 0,
    url: 'http://localhost:8001',
    webDir: await makeWebDir(),
    access,
    statusPage: { names: ['service-*'], title: 'Services' },
    replicaKey: key,
  };
  let current: Leader | undefined;
  const startLeader = async (name: string): Promise<TestLeader> => {
    const started = await listenAsLeader(options, { reader, desk, clock, log });
    return { ...started, leader: { identity: name, url: started.url } };
  };
  const leader = await startLeader('leader');
  current = leader.leader;
  return {
    clock,
    reader,
    desk,
    leader,
    startLeader,
    lead(next) {
      current = next;
    },
    async startFollower(changes = {}) {
      const { app, link, look } = await buildFollower(
        { ...options, ...changes.options },
        {
          leadership: { leader: () => current },
          ready: () => ({ ready: true }),
          registry: new Registry(),
          clock,
          log,
          ...changes.deps,
        },
      );
      looks.push(look);
      onTestFinished(async () => {
        await link.stop();
        await app.close();
      });
      return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
    },
    async look() {
      await clock.advance(LOOK_EVERY_MS);
      for (const look of looks) look();
    },
    logged: () => lines.join(''),
  };
}

/** A page of two files, until the end of the test. */
async function makeWebDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'foghorn-follower-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'index.html'), '<!doctype html><script src="page.js"></script>');
  await writeFile(join(folder, 'page.js'), 'console.log("page");');
  return folder;
}

async function listenAsLeader(
  options: FollowerOptions,
  deps: { reader: FakeReader; desk: FakeDesk; clock: FakeClock; log: Log },
): Promise<Omit<TestLeader, 'leader'>> {
  const live = createLive(deps);
  const app = await buildDashboard(options, deps, live);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  live.start();
  async function close(): Promise<void> {
    await live.stop();
    await app.close();
  }
  onTestFinished(close);
  return {
    app,
    live,
    url,
    async die() {
      app.server.closeAllConnections();
      await close();
    },
  };
}

/** The events of a stream, as far as they have come. */
export interface EventReader {
  /** Waits for the next event of this name; rejects when the stream ends before. */
  next(name: string): Promise<{ readonly data: unknown; readonly id: string | undefined }>;
  /** All that comes until the end. */
  rest(): Promise<string>;
  cancel(): Promise<void>;
}

export async function readEvents(response: Response): Promise<EventReader> {
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';

  async function more(): Promise<boolean> {
    const { done, value } = await reader.read();
    text += value ?? '';
    return !done;
  }

  return {
    async next(name) {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end < 0) {
          if (!(await more())) throw new Error(`the stream ended before ${name}: ${text}`);
          continue;
        }
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (wanted: string): string | undefined =>
          lines.find((line) => line.startsWith(`${wanted}: `))?.slice(wanted.length + 2);
        if (field('event') === name) return { data: JSON.parse(field('data') ?? ''), id: field('id') };
      }
    },
    async rest() {
      while (await more());
      return text;
    },
    cancel: () => reader.cancel(),
  };
}
