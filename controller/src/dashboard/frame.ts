import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Access } from '../model/access.ts';
import { addGate } from './access/gate.ts';
import type { ReplicaKey } from './access/replica-key.ts';
import { createSessionCookie } from './access/session-cookie.ts';
import { createSignIn, type SignIn } from './access/sign-in.ts';
import { createHttp } from './http.ts';
import { pageRoutes } from './routes/page.ts';
import { probeRoutes, type ProbeRouteDeps } from './routes/probes.ts';
import { sessionRoutes, type SessionRouteOptions } from './routes/session.ts';
import type { StatusPageOptions } from './status-page.ts';

export interface DashboardOptions {
  readonly host: string;
  readonly port: number;
  /** How people reach it: its name is answered besides localhost and addresses, its path is where a proxy shows it. */
  readonly url: string;
  readonly access: Access;
  readonly statusPage: StatusPageOptions;
  /** Folder of the bundled page. */
  readonly webDir: string;
  /** Of several replicas: by it they know each other, and those who signed in. Absent: there is this one. */
  readonly replicaKey?: ReplicaKey | undefined;
}

export interface FrameDeps extends ProbeRouteDeps, Pick<SessionRouteOptions, 'leaderless' | 'alsoSignOut'> {
  readonly clock: Clock;
  readonly log: Log;
}

export interface Frame {
  readonly app: FastifyInstance;
  readonly signIn: SignIn;
  /** Whether who asked is still signed in. */
  isStillIn(request: FastifyRequest): boolean;
}

/** What each dashboard has: the gate, sign-in, probes and the files of the page. */
export async function createFrame(options: DashboardOptions, deps: FrameDeps): Promise<Frame> {
  const { access, replicaKey } = options;
  const url = new URL(options.url);
  const signIn = createSignIn({ access, replicaKey, clock: deps.clock, log: deps.log });
  const app = createHttp(url, signIn, deps.log);
  const cookie = createSessionCookie(url);
  const hasStatusPage = options.statusPage.names.length > 0;
  await addGate(app, signIn, {
    url,
    cookie,
    replicaKey,
    knownNames: [url.hostname, options.host],
    clock: deps.clock,
  });
  sessionRoutes(app, signIn, { ...deps, cookie, statusPage: hasStatusPage });
  probeRoutes(app, deps);
  await app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    await pageRoutes(page, { webDir: options.webDir, hasStatusPage });
  });
  return { app, signIn, isStillIn: ({ identity }) => identity !== null && signIn.isStillIn(identity) };
}
