import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { ContainerDetails, DashboardDetails } from '../details.ts';
import type { DashboardReader } from '../reader.ts';
import { alertHistoryRoute } from '../routes/alert-history.ts';
import { historyRoute } from '../routes/history.ts';
import { marksRoute } from '../routes/marks.ts';
import { uptimeRoute } from '../routes/uptime.ts';
import { createUptime } from '../uptime-cache.ts';
import type { Forward } from './forward.ts';

/** What is kept where all replicas reach it. */
export interface SharedPast {
  readonly history: DashboardReader['history'];
  /** Firings of alerts. */
  readonly episodes: DashboardDetails['episodes'];
  /** What happened to containers. */
  readonly marks: ContainerDetails['marks'];
}

export interface PastRouteDeps {
  readonly past: SharedPast;
  readonly forward: Pick<Forward, 'try'>;
  readonly clock: Clock;
}

/** What can be looked back at without a leader. */
export async function pastRoutes(app: FastifyInstance, { past, forward, clock }: PastRouteDeps): Promise<void> {
  historyRoute(app, { history: past.history, now: clock.now });
  uptimeRoute(app, createUptime({ reader: past, details: past, clock }));
  // The leader knows more than was kept: load tests, what is pending, what is silenced.
  await app.register(async (scope) => {
    scope.addHook('preHandler', async (request, reply) => {
      if (await forward.try(request, reply)) return reply;
      return undefined;
    });
    marksRoute(scope, { episodes: past.episodes, marks: past.marks, loadSpans: async () => [], clock });
    alertHistoryRoute(scope, {
      episodes: past.episodes,
      // The present is not known here, so that none is named.
      alerts: () => [],
      alertObjectName: ({ key }) => key,
      clock,
    });
  });
}
