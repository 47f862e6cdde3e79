import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createFrame, type DashboardOptions } from './frame.ts';
import { listen } from './http.ts';
import { createLive, type Live } from './live/live.ts';
import { createMetricsText } from './metrics-text.ts';
import type { DashboardReader } from './reader.ts';
import { apiRoutes } from './routes/api.ts';
import { liveRoutes } from './routes/live.ts';
import { deskRoutes, type Desk } from './routes/desk.ts';
import { statusPageRoutes } from './routes/status-page.ts';
import { createUptime } from './uptime-cache.ts';

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
  /** Routes of other parts; with access `replica`, for other replicas. */
  readonly routes?: ((app: FastifyInstance) => void) | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const noDetails = { episodes: async () => [] };
/** Who acts where nobody signs in, for the record. */
const ANONYMOUS = 'dashboard';

export async function createDashboard(options: DashboardOptions, deps: Deps): Promise<Dashboard> {
  const live = createLive(deps);
  const app = await buildDashboard(options, deps, live);
  let stopping: Promise<void> | undefined;
  return {
    async start() {
      const port = await listen(app, options);
      live.start();
      return { port };
    },
    stop: () => (stopping ??= live.stop().then(() => app.close())),
  };
}

/** The application without a socket, for tests by `inject`. */
export async function buildDashboard(options: DashboardOptions, deps: Deps, live: Live): Promise<FastifyInstance> {
  const { reader, registry } = deps;
  const metrics = createMetricsText(registry);
  const { app, isStillIn } = await createFrame(options, {
    ...deps,
    ready: reader.ready,
    metrics: { contentType: metrics.contentType, render: () => metrics.render(reader.overview()) },
  });
  apiRoutes(app, reader);
  liveRoutes(app, live, isStillIn);
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
      isStillIn,
    });
  }
  deps.routes?.(app);
  return app;
}
