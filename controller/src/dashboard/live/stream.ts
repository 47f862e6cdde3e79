import type { ServerResponse } from 'node:http';
import type { LiveBye, LiveHello, ScreenRequest } from '../answers/live.ts';
import { eventText, type Broadcast } from './broadcast.ts';
import { createScreen } from './screen.ts';

/** One open page. */
export interface Stream {
  readonly name: string;
  /** Replaces what is on screen; what is new there is sent with the next {@link send}. */
  show(request: ScreenRequest): void;
  /** These rows have changed. */
  touch(changed: ReadonlySet<string>): void;
  /** Sends what this stream has not got yet. Whoever does not read for too long is cut off. */
  send(now: number): void;
  bye(reason: LiveBye['reason']): void;
  isStillIn(): boolean;
}

export const HEARTBEAT_MS = 15_000;
/** Nothing was read for so long: asleep or too slow; it comes back and gets what it missed. */
export const STALLED_MS = 30_000;
const RETRY_MS = 2000;

export function createStream(deps: {
  readonly name: string;
  readonly response: ServerResponse;
  readonly broadcast: Broadcast;
  /** Number of the last event that it has; undefined: it needs a whole state. */
  readonly has: number | undefined;
  readonly isStillIn: () => boolean;
}): Stream {
  const { name, response, broadcast, isStillIn } = deps;
  const { ring } = broadcast;
  const screen = createScreen(broadcast);
  let sequence = deps.has;
  let sentAt: number | undefined;
  let stalledSince: number | undefined;

  function write(event: Buffer | string, now: number): void {
    response.write(event);
    sentAt = now;
  }

  function greet(now: number): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const resumed = sequence !== undefined && ring.after(sequence) !== undefined;
    const hello: LiveHello = { stream: name, resumed, heartbeatMs: HEARTBEAT_MS };
    write(`retry: ${RETRY_MS}\n${eventText('hello', JSON.stringify(hello))}`, now);
  }

  function sendMissed(now: number): void {
    const missed = sequence === undefined ? undefined : ring.after(sequence);
    if (missed === undefined) write(broadcast.state(), now);
    else if (missed.length > 0) write(missed.length === 1 ? (missed[0] ?? '') : Buffer.concat(missed), now);
    sequence = ring.last();
  }

  return {
    name,
    isStillIn,
    show: screen.show,
    touch: screen.touch,
    send(now) {
      // A broadcast may be under way when streams end.
      if (response.destroyed || response.writableEnded) return;
      if (response.writableNeedDrain) {
        stalledSince ??= now;
        if (now - stalledSince >= STALLED_MS) response.destroy();
        return;
      }
      stalledSince = undefined;
      if (sentAt === undefined) greet(now);
      sendMissed(now);
      const shown = screen.take();
      if (shown !== undefined) write(eventText('screen', shown), now);
      if (now - (sentAt ?? now) >= HEARTBEAT_MS) write(eventText('alive', JSON.stringify(broadcast.alive())), now);
    },
    bye(reason) {
      if (response.writableEnded) return;
      const farewell: LiveBye = { reason };
      response.end(eventText('bye', JSON.stringify(farewell)));
    },
  };
}
