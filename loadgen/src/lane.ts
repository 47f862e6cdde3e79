/** One connection of the target, with one request at a time on it. Written for load: a pool for general use takes half again as long. */
import type { Socket } from 'node:net';
import { ProtocolError } from './response-head.ts';
import { createResponseReader } from './response-reader.ts';

export interface Lane {
  /** Sends a request. Nothing else may be under way. */
  send(request: WireRequest, listener: LaneListener): void;
  /** Whether the server may be about to close it, for it has been idle for long. */
  isStale(): boolean;
  /** Cuts the connection, and with it what is under way. */
  destroy(): void;
}

export interface WireRequest {
  readonly head: string;
  readonly body: Buffer | null;
  readonly isHead: boolean;
}

/** Told once: of the answer, or of why there is none. */
export interface LaneListener {
  answered(status: number, bytes: number): void;
  /** With what of the answer had come by then. */
  broke(error: Error, status: number | undefined, bytes: number): void;
}

/** A connection is not used any more so long before the server closes it: the request would meet the end of it on the way. */
const IDLE_MARGIN_MS = 1000;

/** @param onFree the lane may carry another request, or (`isOpen` false) never again */
export function createLane(socket: Socket, onFree: (lane: Lane, isOpen: boolean) => void): Lane {
  const reader = createResponseReader();
  let listener: LaneListener | undefined;
  let isOpen = true;
  let idleSinceMs = 0;

  function answered(mayGoOn: boolean): void {
    const told = listener;
    const [status, bytes] = [reader.status() ?? 0, reader.bodyBytes()];
    listener = undefined;
    if (mayGoOn) {
      idleSinceMs = performance.now();
      onFree(lane, true);
    } else close();
    told?.answered(status, bytes);
  }

  function broke(error: Error): void {
    const told = listener;
    listener = undefined;
    close();
    told?.broke(error, reader.status(), reader.bodyBytes());
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    socket.destroy();
    onFree(lane, false);
  }

  const lane: Lane = {
    send(request, wanted) {
      listener = wanted;
      reader.expect(request.isHead);
      if (request.body === null) {
        socket.write(request.head, 'latin1');
        return;
      }
      socket.cork();
      socket.write(request.head, 'latin1');
      socket.write(request.body);
      socket.uncork();
    },
    isStale: () => performance.now() - idleSinceMs > (reader.keptIdleMs() ?? Infinity) - IDLE_MARGIN_MS,
    destroy: () => broke(new Error('given up')),
  };

  socket.on('data', (chunk: Buffer) => {
    try {
      const progress = reader.read(chunk);
      if (progress !== 'more') answered(progress === 'kept');
    } catch (error) {
      broke(error instanceof Error ? error : new ProtocolError(String(error)));
    }
  });
  socket.on('error', broke);
  socket.on('end', () => {
    if (reader.end()) answered(false);
    else broke(reset());
  });
  socket.on('close', () => broke(reset()));
  return lane;
}

function reset(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}
