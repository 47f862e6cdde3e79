import { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import Dockerode from 'dockerode';
import type { ModemOptions } from './address.ts';
import { classifyFailure, EngineError, failureOfStatus } from './failure.ts';
import { errorCode } from '../../errors.ts';

type Query = Readonly<Record<string, string>>;

/** Calls to one engine. Every failure is an {@link EngineError}. */
export interface Engine {
  /** Parsed body of a GET; undefined when the body is empty. */
  get(path: string, query: Query, signal: AbortSignal): Promise<unknown>;
  /** Lines of a GET that does not end. The signal ends it. */
  lines(path: string, query: Query, signal: AbortSignal): Promise<AsyncGenerator<string, void>>;
  /** Body of a GET as it comes, no faster than it is read. The signal ends it. */
  bytes(path: string, query: Query, signal: AbortSignal): Promise<AsyncGenerator<Uint8Array, void>>;
  /** Drops all connections. */
  close(): void;
}

/** Largest body read: a list of 5000 containers with 100 labels each. */
const MAX_BODY_BYTES = 32_000_000;
/** Largest event: one with many long labels. */
const MAX_LINE_CHARS = 1_000_000;
const MAX_ERROR_BYTES = 4096;

/** @param version API version to speak ("1.44"); undefined for unversioned paths. */
export function createEngine(options: ModemOptions, url: string, version: string | undefined): Engine {
  const settings = { ...options, ...(version === undefined ? {} : { version: `v${version}` }) };
  const docker = new Dockerode(settings);

  async function open(path: string, query: Query, signal: AbortSignal): Promise<IncomingMessage> {
    const request = { path, query, signal };
    // Once more on a reset: a kept connection may have been closed by a proxy the moment it was used.
    const response = await dial(docker, request).catch((error: unknown) => {
      if (errorCode(error) === 'ECONNRESET') return dial(docker, request);
      throw error;
    });
    addAbortSignal(signal, response);
    // An aborted body is reported by whoever reads it; without a reader it must not end the process.
    response.on('error', () => undefined);
    const { statusCode: status = 0 } = response;
    if (status === 200) return response;
    const body = await readText(response, MAX_ERROR_BYTES);
    throw failureOfStatus(status, messageOf(body), url);
  }

  return {
    get: async (path, query, signal) => {
      try {
        const body = await readText(await open(path, query, signal), MAX_BODY_BYTES);
        return body.trim() === '' ? undefined : JSON.parse(body);
      } catch (error) {
        throw classifyFailure(error, url);
      }
    },
    lines: async (path, query, signal) => {
      try {
        return splitLines(await open(path, query, signal), url);
      } catch (error) {
        throw classifyFailure(error, url);
      }
    },
    bytes: async (path, query, signal) => {
      try {
        return readBytes(await open(path, query, signal), url);
      } catch (error) {
        throw classifyFailure(error, url);
      }
    },
    close: () => {
      options.agent.destroy();
    },
  };
}

interface Request {
  readonly path: string;
  readonly query: Query;
  readonly signal: AbortSignal;
}

function dial(docker: Dockerode, { path, query, signal }: Request): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    path: `${path}?`,
    method: 'GET',
    options: query,
    // The body is read here, with a bound; the client's own reader has none.
    isStream: true,
    abortSignal: signal,
    // Every status comes back as a response.
    statusCodes: ANY_STATUS,
  };
  docker.modem.dial(options, (error, response) => {
    if (response instanceof IncomingMessage) resolve(response);
    else reject(error ?? new Error('the engine gave no response'));
  });
  return promise;
}

const ANY_STATUS: Readonly<Record<number, true>> = Object.fromEntries(
  Array.from({ length: 500 }, (_, index): [number, true] => [index + 100, true]),
);

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new EngineError('BadAnswer', `an answer of the engine is larger than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

async function* readBytes(response: IncomingMessage, url: string): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of response) yield Buffer.from(chunk);
  } catch (error) {
    throw classifyFailure(error, url);
  } finally {
    response.destroy();
  }
}

/** Chunks end anywhere, within a line and within a character. */
async function* splitLines(response: IncomingMessage, url: string): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response) {
      rest += decoder.decode(Buffer.from(chunk), { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line.trim() !== '');
      if (rest.length > MAX_LINE_CHARS) throw new EngineError('BadAnswer', 'a line of the event stream is too long');
    }
  } catch (error) {
    throw classifyFailure(error, url);
  } finally {
    response.destroy();
  }
}

function messageOf(body: string): string {
  const match = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body);
  return match?.[1] ?? body;
}
