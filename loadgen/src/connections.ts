/** A pool of keep-alive connections whose connections can be opened before the first request is due. */
import type { Socket } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { TlsOptions } from './tls-options.ts';

export interface Connections {
  readonly pool: Pool;
  /** Opens connections ahead; one that fails is left out, the request that needs it will say why. */
  warmUp(): Promise<void>;
  /** Cuts what is open. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly url: URL;
  /** Connections at the same time. */
  readonly count: number;
  readonly timeoutMs: number;
  /** For https; undefined: as Node judges by itself. */
  readonly tls?: TlsOptions | undefined;
}

/** More opened at once would run into the listen backlog of many servers (511 in Node, 128 in older kernels). */
const MAX_WARM_CONNECTIONS = 100;
/** A target that does not answer must not delay the start of the run any further. */
const WARM_UP_TIMEOUT_MS = 2_000;

export function createConnections(options: ConnectionOptions): Connections {
  const { url, count, timeoutMs } = options;
  const connector = createConnector(options);
  const ready = new Set<Socket>();
  const pool = new Pool(url.origin, {
    connections: count,
    pipelining: 1,
    allowH2: false,
    // The attack has its own timeouts: undici's are only good to half a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (request, callback) => {
      const [socket] = ready;
      if (socket === undefined) return connector(request, callback);
      ready.delete(socket);
      queueMicrotask(() => callback(null, socket));
    },
  });

  const openOne = (): Promise<void> =>
    new Promise((resolve) => {
      const { hostname, host, protocol, port } = url;
      const request = { hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port };
      connector(request, (error, socket) => {
        if (error === null) keepReady(ready, socket);
        resolve();
      });
    });

  return {
    pool,
    warmUp: async () => {
      const opened = Array.from({ length: Math.min(count, MAX_WARM_CONNECTIONS) }, openOne);
      await withTimeout(Promise.all(opened), Math.min(timeoutMs, WARM_UP_TIMEOUT_MS));
    },
    close: async () => {
      for (const socket of ready) socket.destroy();
      await pool.destroy();
    },
  };
}

/** The server is told the same name on every connection, whatever a request has in its header `host`. */
function createConnector({ timeoutMs, tls }: ConnectionOptions): buildConnector.connector {
  const judged = tls && { secureContext: tls.secureContext, rejectUnauthorized: tls.isVerified };
  const connector = buildConnector({ timeout: timeoutMs, allowH2: false, ...judged });
  const named = tls?.servername === undefined ? {} : { servername: tls.servername };
  return ({ hostname, host, protocol, port }, callback) =>
    connector({ hostname, protocol, port, ...(host !== undefined && { host }), ...named }, callback);
}

/** A waiting socket is read, so that a server that closes it meanwhile is noticed before a request is given to it. */
function keepReady(ready: Set<Socket>, socket: Socket): void {
  ready.add(socket);
  socket.resume();
  socket.once('end', () => ready.delete(socket));
  socket.once('close', () => ready.delete(socket));
}

async function withTimeout(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
