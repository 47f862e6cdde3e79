import fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import { FoghornError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Access } from '../model/access.ts';
import { addGate } from './access/gate.ts';
import { createSignIn, type SignIn } from './access/sign-in.ts';
import { basePath, withoutBasePath } from './base-path.ts';
import { createLive, type Live } from './live/live.ts';
import { createMetricsText } from './metrics-text.ts';
import type { DashboardReader } from './reader.ts';
import { apiRoutes } from './routes/api.ts';
import { liveRoutes } from './routes/live.ts';
import { deskRoutes, type Desk } from './routes/desk.ts';
import { pageRoutes } from './routes/page.ts';
import { statusPageRoutes } from './routes/status-page.ts';
import type { StatusPageOptions } from './status-page.ts';
import { createUptime } from './uptime-cache.ts';
import { sessionRoutes } from './routes/session.ts';

export interface DashboardOptions {
  readonly host: string;
  readonly port: number;
  /** How people reach it: its name is answered besides localhost and addresses, its path is where a proxy shows it. */
  readonly url: string;
  readonly access: Access;
  readonly statusPage: StatusPageOptions;
  /** Folder of the bundled page. */
  readonly webDir: string;
}

export interface Dashboard {
  /** Rejects with InvalidConfig and the way out when the port is taken. */
  start(): Promise<{ readonly port: number }>;
  stop(): Promise<void>;
}

interface Deps {
  readonly reader: DashboardReader;
  /** What can be looked at and done beyond the overview; absent: nothing. */
  readonly desk?: Desk | undefined;
  /** Holds the instruments of the other parts; they are shown with the snapshot. */
  readonly registry?: Registry | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const REQUEST_TIMEOUT_MS = 10_000;
const BODY_LIMIT_BYTES = 65_536;
const SESSION_COOKIE = 'foghorn_session';
const noDetails = { episodes: async () => [] };
/** Who acts where nobody signs in, for the record. */
const ANONYMOUS = 'dashboard';

export async function createDashboard(options: DashboardOptions, deps: Deps): Promise<Dashboard> {
  const live = createLive(deps);
  const app = await buildDashboard(options, deps, live);
  let stopping: Promise<void> | undefined;
  return {
    async start() {
      await listen(app, options);
      live.start();
      return { port: listeningPort(app) ?? options.port };
    },
    stop: () => (stopping ??= live.stop().then(() => app.close())),
  };
}

/** The application without a socket, for tests by `inject`. */
export async function buildDashboard(options: DashboardOptions, deps: Deps, live: Live): Promise<FastifyInstance> {
  const { reader, registry, log } = deps;
  const url = new URL(options.url);
  const signIn = createSignIn({ ...deps, access: options.access });
  const app = createServer(url, signIn, log);
  const hasStatusPage = options.statusPage.names.length > 0;
  const names = { url, sessionCookie: SESSION_COOKIE };
  await addGate(app, signIn, { ...names, knownNames: [url.hostname, options.host] });
  sessionRoutes(app, signIn, { ...names, statusPage: hasStatusPage });
  probeRoutes(app, reader, registry);
  apiRoutes(app, reader);
  liveRoutes(app, live, signIn);
  statusPageRoutes(app, {
    reader,
    uptime: createUptime({ ...deps, details: deps.desk?.details ?? noDetails }),
    options: options.statusPage,
  });
  if (deps.desk !== undefined) {
    deskRoutes(app, {
      ...deps,
      ...deps.desk,
      userOf: ({ identity }) => identity?.user || ANONYMOUS,
      isStillIn: ({ identity }) => identity !== null && signIn.isStillIn(identity),
    });
  }
  await app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    await pageRoutes(page, { webDir: options.webDir, hasStatusPage });
  });
  return app;
}

function createServer(url: URL, { isTrustedProxy }: SignIn, log: Log): FastifyInstance {
  const base = basePath(url);
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    trustProxy: (address) => isTrustedProxy(address),
    rewriteUrl: (request) => withoutBasePath(request.url ?? '/', base),
  });
  app.setErrorHandler(async (error: Error & { readonly statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ url: request.url, error: error.message }, 'request failed');
    await reply.code(status).send({ error: status >= 500 ? 'internal error' : error.message });
  });
  app.setNotFoundHandler({}, (request, reply) => {
    const isPage = request.method === 'GET' && request.url === base;
    return isPage && base !== ''
      ? reply.redirect(`${base}/`)
      : reply.code(404).send({ error: 'there is nothing here' });
  });
  return app;
}

function probeRoutes(app: FastifyInstance, reader: DashboardReader, registry: Registry | undefined): void {
  const metrics = createMetricsText(registry);
  app.get('/healthz', { config: { access: 'public' } }, () => 'ok');
  app.get('/readyz', { config: { access: 'public' } }, (_request, reply) => {
    const state = reader.ready();
    return state.ready ? 'ok' : reply.code(503).type('text/plain').send(`waiting for ${state.waitingFor}\n`);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.render(reader.snapshot())),
  );
}

async function listen(app: FastifyInstance, { host, port }: DashboardOptions): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new FoghornError(
        'InvalidConfig',
        `port ${port} is taken: stop what listens there, or set PORT to another`,
        { cause: error },
      );
    }
    throw error;
  }
}

function listeningPort(app: FastifyInstance): number | undefined {
  const address = app.server.address();
  return address === null || typeof address === 'string' ? undefined : address.port;
}
