import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { Alert } from '../../model/alert.ts';
import { alertsAnswer } from '../alert-answer.ts';
import type { DashboardDetails } from '../details.ts';

export interface AlertHistoryDeps extends Pick<DashboardDetails, 'episodes' | 'alertObjectName'> {
  /** As they are now. */
  alerts(): readonly Alert[];
  readonly clock: Clock;
}

const DEFAULT_SPAN_MS = 86_400_000;
const MAX_ALERTS = 1000;

const history = {
  type: 'object',
  properties: {
    from: { type: 'integer', minimum: 0 },
    to: { type: 'integer', minimum: 0 },
    state: { enum: ['pending', 'firing', 'resolved'] },
    limit: { type: 'integer', minimum: 1, maximum: MAX_ALERTS, default: 200 },
  },
} as const;

interface HistoryQuery {
  readonly from?: number;
  readonly to?: number;
  readonly state?: Alert['state'];
  readonly limit: number;
}

/** Alerts with their stories. */
export function alertHistoryRoute(app: FastifyInstance, deps: AlertHistoryDeps): void {
  app.get<{ Querystring: HistoryQuery }>(
    '/api/alerts',
    { schema: { querystring: history } },
    async ({ query }, reply) => {
      const now = deps.clock.now();
      const toMs = query.to ?? now;
      const fromMs = query.from ?? toMs - DEFAULT_SPAN_MS;
      if (fromMs >= toMs) return reply.code(400).send({ error: 'from must be before to (epoch milliseconds)' });
      const span = { fromMs, toMs };
      const { state, limit } = query;
      const episodes = await deps.episodes({ ...span, limit: MAX_ALERTS });
      const facts = { span, state, limit, alerts: deps.alerts(), episodes, objectName: deps.alertObjectName };
      return alertsAnswer(facts, now);
    },
  );
}
