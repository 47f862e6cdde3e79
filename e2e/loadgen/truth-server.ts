/** A server that knows what it did, in a process of its own: it tells by message, so that asking is no request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createRandom } from '../../loadgen/src/random.ts';

/** What the server knows. */
export interface Truth {
  readonly requests: number;
  /** How often each thing was done: `ok`, `error`, `reset`, `silence`. */
  readonly kinds: Readonly<Record<string, number>>;
  /** From each request to its answer. */
  readonly delaysMs: readonly number[];
  /** How long the server did nothing. */
  readonly stallMs: number;
  /** From the beginning of the stall until nothing that had piled up was left. */
  readonly recoveryMs: number;
  /** How late the server itself was, at most: on a busy machine it does not see all that it does to a request. */
  readonly lagMs: number;
}

const SEED = 20_261_122;
const SHORTEST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 1_000;
const STALL_MS = 1_000;
const STALL_AFTER_REQUESTS = 2_000;
/** Requests that are due while it stalls. */
const STALLED_REQUESTS = 1_000;

let requests = 0;
const kinds: Record<string, number> = {};
const delaysMs: number[] = [];
let stallMs = 0;
let stalledAt = Infinity;
let recoveryMs = 0;
const random = createRandom(SEED);
const lag = monitorEventLoopDelay({ resolution: 1 });
lag.enable();

function count(kind: string): void {
  kinds[kind] = (kinds[kind] ?? 0) + 1;
}

/** Nothing runs meanwhile, as in a long collection of garbage. */
function stall(): void {
  stalledAt = performance.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS);
  stallMs = performance.now() - stalledAt;
}

function answerWithStall(response: ServerResponse): void {
  if (requests === STALL_AFTER_REQUESTS) stall();
  if (requests === STALL_AFTER_REQUESTS + STALLED_REQUESTS) recoveryMs = performance.now() - stalledAt;
  response.end('ok');
}

function answerLate(response: ServerResponse): void {
  const receivedAt = performance.now();
  const delayMs = SHORTEST_DELAY_MS + random() * (LONGEST_DELAY_MS - SHORTEST_DELAY_MS);
  setTimeout(() => {
    response.end('ok');
    delaysMs.push(performance.now() - receivedAt);
  }, delayMs);
}

function answerSomehow(request: IncomingMessage, response: ServerResponse): void {
  const point = random();
  if (point < 0.7) {
    count('ok');
    response.end('ok');
  } else if (point < 0.8) {
    count('error');
    response.writeHead(500).end('no');
  } else if (point < 0.9) {
    count('reset');
    request.socket.destroy();
  } else {
    count('silence');
  }
}

const server = createServer((request, response) => {
  requests += 1;
  if (request.url === '/stall') answerWithStall(response);
  else if (request.url === '/late') answerLate(response);
  else answerSomehow(request, response);
});
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});
process.on('message', () => {
  const truth: Truth = { requests, kinds, delaysMs, stallMs, recoveryMs, lagMs: lag.max / 1e6 };
  process.send?.(truth);
});
process.on('disconnect', () => process.exit());
