import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Leadership } from '../../model/leadership.ts';
import type { ReplicaKey } from '../access/replica-key.ts';
import { basePath } from '../base-path.ts';
import { createFrame, type DashboardOptions } from '../frame.ts';
import { listen } from '../http.ts';
import { createProcessText } from '../metrics-text.ts';
import type { ProbeRouteDeps } from '../routes/probes.ts';
import { LARGEST_BODY_BYTES } from '../routes/schemas.ts';
import type { Dashboard } from '../server.ts';
import { createForward, type Forward } from './forward.ts';
import { createLeaderLink, type LeaderLink } from './leader-link.ts';
import { pastRoutes, type SharedPast } from './past-routes.ts';

export interface FollowerOptions extends DashboardOptions {
  readonly replicaKey: ReplicaKey;
}

export interface FollowerDeps {
  readonly leadership: Pick<Leadership, 'leader'>;
  /** What `/readyz` answers. */
  readonly ready: ProbeRouteDeps['ready'];
  /** What all replicas share; absent: charts too are asked of the leader. */
  readonly past?: SharedPast | undefined;
  /** What `/metrics` shows besides the process. */
  readonly registry: Registry;
  /** Routes of other parts; with access `replica`, for other replicas. */
  readonly routes?: ((app: FastifyInstance) => void) | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often streams and the leader are looked at. */
export const FOLLOWER_LOOK_MS = 1000;
const SIGN_OUT_WITHIN_MS = 3000;

/**
 * The dashboard of a replica that does not lead: its own page, sign-in, probes and metrics, charts from what all
 * replicas share, and the leader's answers to everything else, live events included. Who asks and whether a write came
 * from our page is decided here; what they may do, by the leader. Its port is free again once `stop` has resolved, which
 * ends within moments whatever the leader does. `start` rejects with InvalidConfig when the port is taken.
 */
export async function createFollowerDashboard(options: FollowerOptions, deps: FollowerDeps): Promise<Dashboard> {
  const { app, link, look } = await buildFollower(options, deps);
  const over = new AbortController();
  let looking: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    over.abort();
    await link.stop();
    await app.close();
    await looking;
  }

  return {
    async start() {
      const port = await listen(app, options);
      looking = lookRegularly(look, over.signal, deps);
      return { port };
    },
    stop: () => (stopping ??= stop()),
  };
}

export interface Follower {
  readonly app: FastifyInstance;
  readonly link: LeaderLink;
  /** To be called regularly. */
  look(): void;
}

/** Without a socket, for tests by `inject`. */
export async function buildFollower(options: FollowerOptions, deps: FollowerDeps): Promise<Follower> {
  const link = createLeaderLink({ ...deps, key: options.replicaKey, base: basePath(new URL(options.url)) });
  const { app, signIn } = await createFrame(options, {
    ...deps,
    metrics: createProcessText(deps.registry),
    leaderless: link.leaderless,
    alsoSignOut: (request) => signOutAtLeader(link, request, deps.log),
  });
  const forward = createForward({ ...deps, link, signIn });
  await app.register(async (scope) => leaderRoutes(scope, forward, options));
  if (deps.past !== undefined) await pastRoutes(app, { ...deps, past: deps.past, forward });
  deps.routes?.(app);
  return {
    app,
    link,
    look() {
      link.look();
      forward.look();
    },
  };
}

/** Whatever the leader has. What people may do there, it says itself: here they have to be somebody. */
function leaderRoutes(app: FastifyInstance, forward: Forward, { statusPage }: FollowerOptions): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: '/api/*',
    bodyLimit: LARGEST_BODY_BYTES,
    config: { access: 'view' },
    handler: forward.answer,
  });
  if (statusPage.names.length > 0) app.get('/api/status-page', { config: { access: 'public' } }, forward.answer);
}

/** Replicas that are not told honour a copy of the cookie until it has been idle for too long. */
async function signOutAtLeader(link: LeaderLink, { identity, replica }: FastifyRequest, log: Log): Promise<void> {
  if (identity?.kind !== 'session' || replica !== null) return;
  const outcome = await link.tell({
    method: 'DELETE',
    path: '/api/session',
    claim: { kind: 'user', identity },
    headers: {},
    answerWithinMs: SIGN_OUT_WITHIN_MS,
    // A page that is closed has signed out all the same.
    signal: new AbortController().signal,
  });
  if (outcome !== 'answered') log.warn({ outcome }, 'the leader was not told of a sign-out');
}

async function lookRegularly(
  look: () => void,
  signal: AbortSignal,
  { clock, log }: Pick<FollowerDeps, 'clock' | 'log'>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      look();
    } catch (error) {
      log.error({ error: errorMessage(error) }, 'the leader could not be looked at');
    }
    await clock.sleep(FOLLOWER_LOOK_MS, signal).catch(() => undefined);
  }
}
