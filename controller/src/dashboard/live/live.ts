import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ScreenRequest } from '../answers/live.ts';
import type { DashboardReader } from '../reader.ts';
import { createBroadcaster } from './broadcaster.ts';
import { createStream, type Stream } from './stream.ts';

export interface Live {
  /** Takes over a response and streams to it. False when there are too many. */
  open(response: ServerResponse, viewer: Viewer): boolean;
  /** Says what is on the screen of a stream; false when there is no such stream. */
  show(stream: string, request: ScreenRequest): boolean;
  count(): number;
  start(): void;
  stop(): Promise<void>;
}

export interface Viewer {
  /** Id of the last event that it got. */
  readonly lastId?: string | undefined;
  /** False once it has signed out. */
  isStillIn(): boolean;
}

/** How often what there is to show is compared with what was shown. */
export const LOOK_EVERY_MS = 1000;
/** After the last viewer, the picture is kept for so long, for one that only lost its connection. */
const KEEP_MS = 60_000;
export const MAX_STREAMS = 1000;
/** Between so many streams the loop lets others run: an event for 500 must not hold up a tick. */
const STREAMS_AT_ONCE = 25;
const NAME_BYTES = 16;

/** Server-sent events of all that the overview shows. One look serves all streams. */
export function createLive(deps: { readonly reader: DashboardReader; readonly clock: Clock; readonly log: Log }): Live {
  const { clock, log } = deps;
  const streams = new Map<string, Stream>();
  const broadcaster = createBroadcaster(deps);
  const abort = new AbortController();
  let watchedAt = clock.now();
  let running: Promise<void> | undefined;

  async function sendAll(): Promise<void> {
    let sent = 0;
    for (const stream of streams.values()) {
      if (stream.isStillIn()) stream.send(clock.now());
      else stream.bye('signedOut');
      sent += 1;
      if (sent % STREAMS_AT_ONCE === 0) await setImmediate();
      if (abort.signal.aborted) return;
    }
  }

  async function look(): Promise<void> {
    const now = clock.now();
    if (streams.size > 0) watchedAt = now;
    else if (now - watchedAt >= KEEP_MS) broadcaster.forget();
    if (streams.size === 0) return;
    const changed = broadcaster.look(now);
    for (const stream of streams.values()) stream.touch(changed);
    await sendAll();
  }

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, abort.signal);
      try {
        await look();
      } catch (error) {
        log.error({ error: errorMessage(error) }, 'the live view could not be made');
      }
    }
  }

  return {
    open(response, { lastId, isStillIn }) {
      if (streams.size >= MAX_STREAMS || abort.signal.aborted) return false;
      // Nobody looked while nobody watched.
      if (streams.size === 0) broadcaster.look(clock.now());
      const has = lastId === undefined ? undefined : broadcaster.ring.sequenceOf(lastId);
      const name = randomBytes(NAME_BYTES).toString('base64url');
      const stream = createStream({ name, response, broadcast: broadcaster, has, isStillIn });
      streams.set(name, stream);
      response.on('close', () => streams.delete(name));
      stream.send(clock.now());
      return true;
    },
    show(name, request) {
      const stream = streams.get(name);
      stream?.show(request);
      stream?.send(clock.now());
      return stream !== undefined;
    },
    count: () => streams.size,
    start() {
      running ??= run().catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
      });
    },
    async stop() {
      abort.abort();
      for (const stream of streams.values()) stream.bye('shutdown');
      await running;
    },
  };
}
