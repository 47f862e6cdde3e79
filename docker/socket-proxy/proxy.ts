import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { isAllowed } from './allow.ts';

/** The controller keeps one event stream and at most ten calls a host; anything far above is not the controller. */
const CONNECTIONS_MAX = 64;
/** An engine that starts accepts connections and answers some 12 s later. */
const ENGINE_ANSWER_TIMEOUT_MS = 30_000;

/**
 * A server that passes the allowed read-only calls on to the engine, streaming, and answers 403 to all others.
 * @param socketPath the engine's unix socket
 */
export function createProxy(socketPath: string): Server {
  const server = createServer((incoming, outgoing) => {
    const method = incoming.method ?? '';
    const target = incoming.url ?? '';
    // A body is never passed on: no allowed call has one.
    incoming.resume();
    if (isAllowed(method, target)) forward(socketPath, { method, target, incoming, outgoing });
    else answer(outgoing, 403, 'this call is not on the allow-list of the socket proxy');
  });
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

interface Call {
  readonly method: string;
  readonly target: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** Headers of the caller are not passed on, so that no upgrade or hijack of the connection can be asked for. */
function forward(socketPath: string, call: Call): void {
  const upstream = request({
    socketPath,
    method: call.method,
    path: call.target,
    headers: { host: 'docker', accept: 'application/json' },
    agent: false,
  });
  const timer = setTimeout(() => {
    upstream.destroy(new Error(`no answer within ${ENGINE_ANSWER_TIMEOUT_MS / 1000} s`));
  }, ENGINE_ANSWER_TIMEOUT_MS);
  upstream.on('response', (response) => {
    clearTimeout(timer);
    call.outgoing.writeHead(response.statusCode ?? 502, passedHeaders(response));
    call.outgoing.flushHeaders();
    // Ends here whichever side broke off: the other side is closed by the pipeline, and there is nobody left to tell.
    pipeline(response, call.outgoing, () => undefined);
  });
  upstream.on('error', (error) => {
    clearTimeout(timer);
    answer(call.outgoing, 502, `the Docker engine does not answer: ${error.message}`);
  });
  call.outgoing.on('close', () => {
    clearTimeout(timer);
    upstream.destroy();
  });
  upstream.end();
}

const PASSED_HEADERS = ['content-type', 'content-length', 'api-version', 'docker-experimental', 'ostype', 'server'];

function passedHeaders(response: IncomingMessage): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = response.headers[name];
    if (typeof value === 'string') passed[name] = value;
  }
  return passed;
}

/** The error body of the Engine API, so that its clients show the message. */
function answer(outgoing: ServerResponse, status: number, message: string): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ message }));
}
