import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { isIP } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type HTTPMethods } from 'fastify';
import type { Clock } from '../../clock.ts';
import { errorCode, FoghornError } from '../../errors.ts';
import { tooLarge } from '../../kube/status.ts';
import type { Log } from '../../log.ts';
import type { PodLogs } from '../docker-view/pod-logs.ts';
import type { Kinds } from '../kinds.ts';
import type { Api } from '../operations.ts';
import { failure, faultAnswer, statusAnswer, type Answer } from './answer.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import { writeShared } from './private-file.ts';
import { loadIdentity, renewalDueMs, type ServerIdentity } from './tls.ts';
import { createAuthenticator, loadCredentials } from './users.ts';

export interface ApiServerOptions {
  readonly host: string;
  readonly port: number;
  /** Where keys and tokens are kept. */
  readonly pkiDir: string;
  readonly kubeconfigFile: string;
  /** The address that the kubeconfig names: `https://localhost:6444`. */
  readonly url: string;
  /** Of this software, for `/version`. */
  readonly version: string;
}

export interface ApiServerDeps {
  readonly api: Api;
  readonly kinds: Kinds;
  readonly clock: Clock;
  readonly log: Log;
  readonly isReady: () => boolean;
  /** Absent where no pods are served. */
  readonly podLogs?: PodLogs | undefined;
}

export interface ApiServer {
  /** Writes the kubeconfig and listens. Rejects with InvalidConfig and the way out when the port is taken. */
  start(): Promise<{ readonly port: number }>;
  /** Ends watches, closes connections. */
  stop(): Promise<void>;
}

/** As kube-apiserver's limit of a body. */
const BODY_LIMIT_BYTES = 3 * 1024 * 1024;
/** Read of a body that is too large, so that its sender gets to the answer. */
const MAX_DRAINED_BYTES = 4 * BODY_LIMIT_BYTES;
const REQUEST_TIMEOUT_MS = 30_000;
const IDLE_CONNECTION_MS = 90_000;
/** Names under which clients reach it: on the host, and from other containers. */
const SERVER_NAMES = ['localhost', '127.0.0.1', '::1', 'controller', 'monitor'] as const;
/** Timers are no longer than this: a certificate is looked at again at the latest then. */
const LONGEST_SLEEP_MS = 86_400_000;

/** The embedded API over HTTPS, for kubectl and all that speaks to a Kubernetes API. */
export async function createApiServer(options: ApiServerOptions, deps: ApiServerDeps): Promise<ApiServer> {
  const { pkiDir } = options;
  const names = isIP(options.host) === 0 ? [...SERVER_NAMES, options.host] : SERVER_NAMES;
  const load = (): Promise<ServerIdentity> => loadIdentity(pkiDir, [...names], deps.clock.now());
  let identity = await load();
  const credentials = await loadCredentials(pkiDir);
  const dispatch = createDispatch({
    ...deps,
    version: options.version,
    authenticate: createAuthenticator(credentials),
  });
  const stopped = new AbortController();
  const app = buildApiServer(dispatch, { identity, stopped: stopped.signal, log: deps.log });
  const saveKubeconfig = async (): Promise<void> => {
    const users = credentials.map(({ token, user }) => ({ name: user.name, token }));
    const { authorityPem } = identity;
    await writeShared(options.kubeconfigFile, renderKubeconfig({ server: options.url, authorityPem, users }));
  };
  const renew = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const dueMs = Math.max(1000, Math.min(LONGEST_SLEEP_MS, renewalDueMs(identity, deps.clock.now())));
      await deps.clock.sleep(dueMs, stopped.signal);
      if (renewalDueMs(identity, deps.clock.now()) > 0) continue;
      identity = await load();
      app.server.setSecureContext(secureOptions(identity));
      await saveKubeconfig();
    }
  };
  let stopping: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;
  return {
    async start() {
      await saveKubeconfig();
      await listen(app, options);
      renewing = renew().catch((thrown: unknown) => {
        if (!stopped.signal.aborted)
          deps.log.error({ error: String(thrown) }, 'the certificate of the API cannot be renewed');
      });
      return { port: listeningPort(app) ?? options.port };
    },
    stop() {
      stopped.abort();
      return (stopping ??= Promise.all([renewing, app.close()]).then(() => undefined));
    },
  };
}

/** The application without a socket, for tests by `inject`. */
export function buildApiServer(
  dispatch: Dispatch,
  options: { readonly identity: ServerIdentity; readonly stopped: AbortSignal; readonly log: Log },
): FastifyInstance<Server> {
  const { identity, stopped, log } = options;
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (_error, _request, reply) => {
      void send(reply, statusAnswer(failure(400, 'BadRequest', 'the path of the request cannot be decoded')));
    },
    https: secureOptions(identity),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(async (error: Error & { readonly statusCode?: number }, request, reply) => {
    // a client that is still sending would see its connection break, and not the answer
    if (error.statusCode === 413) await drain(request.raw);
    return send(reply, transportFault(error, log));
  });
  app.route({
    method: methods,
    url: '*',
    handler: async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const { method, headers, raw, ip: address } = request;
      const first = dispatch({ method, url: raw.url ?? '/', headers, body, address });
      const found = 'settle' in first ? await first.settle(untilClosed(reply.raw)) : first;
      if (!('run' in found)) return send(reply, found, request.method === 'HEAD');
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': found.contentType, 'cache-control': 'no-cache, private' });
      reply.raw.flushHeaders();
      return found.run(reply.raw, stopped);
    },
  });
  return app;
}

/** Reads what is left of a body, up to a bound; the rest is cut off with the connection. */
async function drain(request: IncomingMessage): Promise<void> {
  let bytes = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const settle = (): void => resolve();
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > MAX_DRAINED_BYTES) resolve();
  };
  if (request.readableEnded || request.destroyed) return;
  request.on('data', count).once('end', settle).once('close', settle).once('error', settle);
  await promise;
}

/** Aborts when the client is gone, or has everything. */
function untilClosed(response: ServerResponse): AbortSignal {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return closed.signal;
}

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A reply of any server. */
type Reply = Pick<FastifyReply, 'header' | 'code' | 'send'>;

function send(reply: Reply, answer: Answer, isHead: boolean = false): unknown {
  const { status, contentType, body, headers } = answer;
  for (const [name, value] of Object.entries({ 'cache-control': 'no-cache, private', ...headers })) {
    reply.header(name, typeof value === 'string' ? value : [...value]);
  }
  if (contentType !== '') reply.header('content-type', contentType);
  reply.code(status);
  // with any payload a type would be sent, which clients would put in the place of what they hold
  return status === 304 ? reply.send() : reply.send(isHead ? '' : body);
}

function transportFault(error: Error & { readonly statusCode?: number }, log: Log): Answer {
  if (error.statusCode === 413) return statusAnswer(tooLarge(BODY_LIMIT_BYTES).status);
  const status = error.statusCode ?? 500;
  return status < 500 ? statusAnswer(failure(status, 'BadRequest', error.message)) : faultAnswer(error, log);
}

function secureOptions({ certificatePem, keyPem }: ServerIdentity) {
  return { cert: certificatePem, key: keyPem, minVersion: 'TLSv1.2' as const };
}

async function listen(app: FastifyInstance<Server>, { host, port }: ApiServerOptions): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    const what = `port ${port} is taken: stop what listens there, or set API_PORT to another or to off`;
    throw new FoghornError('InvalidConfig', what, { cause: error });
  }
}

function listeningPort(app: FastifyInstance<Server>): number | undefined {
  const address = app.server.address();
  return address === null || typeof address === 'string' ? undefined : address.port;
}
