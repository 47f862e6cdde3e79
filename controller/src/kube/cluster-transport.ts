import { createHash } from 'node:crypto';
import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Instruments } from '../model/instruments.ts';
import type { Fence } from '../model/leadership.ts';
import { loadAccess, type Access, type AccessSource } from './cluster-access.ts';
import { parseJson } from './cluster-decode.ts';
import { faultOf, networkFault, retryAfterMs } from './cluster-faults.ts';
import { readText } from './cluster-lines.ts';
import { unavailable } from './status.ts';

export interface ClusterRequest {
  /** PATCH: the body is a merge patch (RFC 7386). */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/api` or `/apis` on. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Calls of one API server. Faults are FoghornErrors. */
export interface Transport {
  /** The JSON of a 2xx answer. */
  call(request: ClusterRequest): Promise<unknown>;
  /** The text of a 2xx answer; TooLarge past the cap. */
  text(request: ClusterRequest, maxBytes: number): Promise<string>;
  /** The body of a 2xx answer as it comes, without a deadline once it has begun; the signal ends it. */
  open(request: ClusterRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** A kubeconfig file, or `in-cluster` for the service account of the pod. */
  readonly kubeconfig: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Before each request that changes something; absent: all of them may go. */
  readonly fence?: Fence | undefined;
  /** Of one call, or of the beginning of a watch, waits that the server asks for included. Default 30 s. */
  readonly callTimeoutMs?: number | undefined;
  /** Counts requests. */
  readonly instruments?: Pick<Instruments, 'called'> | undefined;
}

export const CALL_TIMEOUT_MS = 30_000;
/** How often one call is made when the server asks to come again. */
const MAX_TRIES = 3;
/** Shorter than the 90 s after which an API server closes an idle connection, so that no call meets a closing one. */
const KEEP_ALIVE_MS = 30_000;
/** One for each watch and a few for calls; more would wait for a place. */
const MAX_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 10_000;
/** Of one answer: a page of 500 objects of 128 KiB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const USER_AGENT = 'foghorn-controller';

type Answer = Dispatcher.ResponseData;

/** Throws InvalidConfig for a kubeconfig that cannot be used. */
export function createTransport(options: TransportOptions): Transport {
  const { kubeconfig, clock, log, fence, callTimeoutMs = CALL_TIMEOUT_MS } = options;
  let source = loadSource(kubeconfig, log);
  const closing = new AbortController();
  const agents = createAgents();
  const send = async (request: ClusterRequest, signal: AbortSignal): Promise<Answer> => {
    const used = source;
    const access = await orAborted(used.current(), signal);
    // last of all: fetching credentials and waiting to come again may take long
    if (request.method !== 'GET') fence?.();
    const answer = await counted(request, agents.of(access).request(optionsOf(request, access, signal)));
    // the next call reads the kubeconfig anew: its token may have been replaced
    if (answer.statusCode === 401 && source === used) source = loadAccess(kubeconfig);
    return answer;
  };
  const counted = async (request: ClusterRequest, answer: Promise<Answer>): Promise<Answer> => {
    const count = (code: number | 'error'): void => options.instruments?.called(request.method, source.server, code);
    try {
      const { statusCode } = await answer;
      count(statusCode);
      return await answer;
    } catch (thrown) {
      count('error');
      throw thrown;
    }
  };
  const sendPatiently = async (request: ClusterRequest, signal: AbortSignal): Promise<Answer> => {
    for (let tries = 1; ; tries += 1) {
      const answer = await send(request, signal);
      const waitMs = retryAfterMs(answer.statusCode, answer.headers['retry-after']);
      if (waitMs === undefined || tries === MAX_TRIES) return answer;
      await answer.body.dump();
      log.debug({ path: request.path, waitMs }, 'the API server asks to come again later');
      await clock.sleep(waitMs, signal);
    }
  };
  const bounded = async <T>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await withDeadline({ clock, callTimeoutMs }, AbortSignal.any([outer, closing.signal]), work);
    } catch (thrown) {
      throw networkFault(source.server, thrown);
    }
  };
  const text = (request: ClusterRequest, maxBytes: number): Promise<string> =>
    bounded(closing.signal, async (signal) => {
      const answer = await expectOk(await sendPatiently(request, signal));
      return readText(answer.body, maxBytes);
    });
  return {
    text,
    call: async (request) => parseJson(await text(request, MAX_ANSWER_BYTES)),
    open: (request, outer) =>
      bounded(outer, async (signal) => (await expectOk(await sendPatiently(request, signal))).body),
    async close() {
      closing.abort(unavailable('the client of the cluster is closed'));
      await agents.destroy();
    },
  };
}

function loadSource(kubeconfig: string, log: Log): AccessSource {
  const source = loadAccess(kubeconfig);
  if (source.isUnverified) {
    log.warn({ server: source.server }, 'the kubeconfig says not to verify the certificate of the API server');
  }
  return source;
}

/** One agent, so that connections are used again; another one when authorities or the client's certificate change. */
function createAgents() {
  let made: { readonly id: string; readonly agent: Agent } | undefined;
  const retired = new Set<Agent>();
  return {
    of({ tls }: Access): Agent {
      const id = fingerprint(tls);
      if (made?.id === id) return made.agent;
      if (made !== undefined) retire(made.agent, retired);
      const agent = new Agent({
        connections: MAX_CONNECTIONS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        // a watch may be silent for longer than any fixed time; deadlines and its own timer bound every wait
        bodyTimeout: 0,
        headersTimeout: 0,
        // one broken connection must not take all watches with it
        allowH2: false,
        connect: { ...tls, timeout: CONNECT_TIMEOUT_MS },
      });
      made = { id, agent };
      return agent;
    },
    async destroy(): Promise<void> {
      const all = [...retired, ...(made === undefined ? [] : [made.agent])];
      await Promise.all(all.map((agent) => agent.destroy()));
    },
  };
}

/** Watches that run on it go on to their end. */
function retire(agent: Agent, retired: Set<Agent>): void {
  retired.add(agent);
  const forget = (): boolean => retired.delete(agent);
  agent.close().then(forget, forget);
}

function fingerprint(tls: Access['tls']): string {
  return createHash('sha256').update(JSON.stringify(tls)).digest('base64');
}

function optionsOf(request: ClusterRequest, access: Access, signal: AbortSignal): Dispatcher.RequestOptions {
  const { method, path, query, body } = request;
  return {
    origin: access.origin,
    path: `${access.basePath}${path}?${new URLSearchParams(query).toString()}`,
    method,
    headers: { ...access.headers, ...contentHeaders(request), 'user-agent': USER_AGENT },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  };
}

function contentHeaders({ method, body }: ClusterRequest): Readonly<Record<string, string>> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  // what is no object, as a log, is plain text
  return { accept: 'application/json, */*', ...(body === undefined ? {} : { 'content-type': type }) };
}

async function expectOk(answer: Answer): Promise<Answer> {
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
  const text = await readText(answer.body, MAX_ANSWER_BYTES);
  throw faultOf(answer.statusCode, jsonOrText(text), answer.headers['retry-after']);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function withDeadline<T>(
  { clock, callTimeoutMs }: { readonly clock: Clock; readonly callTimeoutMs: number },
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const expire = (): void => late.abort(unavailable(`the API server gave no answer within ${callTimeoutMs} ms`));
  const timer = clock.sleep(callTimeoutMs, done.signal).then(expire, () => undefined);
  try {
    return await work(AbortSignal.any([outer, late.signal]));
  } catch (thrown) {
    throw late.signal.aborted ? late.signal.reason : thrown;
  } finally {
    done.abort();
    await timer;
  }
}

/** For work that takes no signal. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const end = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
