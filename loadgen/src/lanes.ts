/** Connections to the target that are kept open, and opened as they are needed. */
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { createLane, type Lane, type LaneListener, type WireRequest } from './lane.ts';
import type { TlsOptions } from './tls-options.ts';

export interface Lanes {
  /** Sends on a free connection, or on a new one. Gives what gives the request up: its listener is told at once, if it has a connection. */
  send(request: WireRequest, listener: LaneListener): () => void;
  /** Opens connections ahead; one that fails is left out, the request that needs it will say why. */
  warmUp(): Promise<void>;
  /** Cuts what is open. */
  close(): void;
}

export interface LanesOptions {
  readonly url: URL;
  /** Connections at the same time; no more requests than that are ever under way. */
  readonly count: number;
  readonly timeoutMs: number;
  /** false: each request has a connection of its own. */
  readonly isKeptAlive: boolean;
  /** For https; undefined: as Node judges by itself. */
  readonly tls?: TlsOptions | undefined;
}

/** More opened at once would run into the listen backlog of many servers (511 in Node, 128 in older kernels). */
const MAX_WARM_CONNECTIONS = 100;
/** A target that does not answer must not delay the start of the run any further. */
const WARM_UP_TIMEOUT_MS = 2_000;

export function createLanes(options: LanesOptions): Lanes {
  const { count, timeoutMs, isKeptAlive } = options;
  const connect = createConnect(options);
  /** The one that was used last is used next: those beyond what the rate needs fall idle, and the server may close them. */
  const free: Lane[] = [];
  const open = new Set<Lane>();
  let isClosed = false;

  function onFree(lane: Lane, isOpen: boolean): void {
    if (isOpen && isKeptAlive) free.push(lane);
    // It tells us again, closed.
    else if (isOpen) lane.destroy();
    else {
      open.delete(lane);
      const at = free.indexOf(lane);
      if (at >= 0) free.splice(at, 1);
    }
  }

  function adopt(socket: Socket): Lane {
    socket.setNoDelay(true);
    const lane = createLane(socket, onFree);
    open.add(lane);
    return lane;
  }

  function sendOnNew(request: WireRequest, listener: LaneListener): () => void {
    let lane: Lane | undefined;
    let isGivenUp = false;
    connect((error, socket) => {
      if (error !== null) {
        if (!isGivenUp) listener.broke(error, undefined, 0);
      } else if (isClosed) {
        socket.destroy();
      } else if (isGivenUp) {
        onFree(adopt(socket), true);
      } else {
        lane = adopt(socket);
        lane.send(request, listener);
      }
    });
    return () => {
      isGivenUp = true;
      lane?.destroy();
    };
  }

  return {
    send(request, listener) {
      let lane = free.pop();
      while (lane?.isStale() === true) {
        lane.destroy();
        lane = free.pop();
      }
      if (lane === undefined) return sendOnNew(request, listener);
      lane.send(request, listener);
      return lane.destroy;
    },
    async warmUp() {
      const opened = Array.from({ length: Math.min(count, MAX_WARM_CONNECTIONS) }, () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        connect((error, socket) => {
          if (error === null && isClosed) socket.destroy();
          else if (error === null) free.push(adopt(socket));
          resolve();
        });
        return promise;
      });
      await withTimeout(Promise.all(opened), Math.min(timeoutMs, WARM_UP_TIMEOUT_MS));
    },
    close() {
      isClosed = true;
      for (const lane of open) lane.destroy();
    },
  };
}

/** The server is told the same name on every connection, whatever a request has in its header `host`. */
function createConnect({ url, timeoutMs, tls }: LanesOptions): (callback: buildConnector.Callback) => void {
  const judged = tls && { secureContext: tls.secureContext, rejectUnauthorized: tls.isVerified };
  const connector = buildConnector({ timeout: timeoutMs, allowH2: false, ...judged });
  const named = tls?.servername === undefined ? {} : { servername: tls.servername };
  const { hostname, host, protocol, port } = url;
  const request = { hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port, ...named };
  return (callback) => connector(request, callback);
}

async function withTimeout(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
