import type { FastifyInstance } from 'fastify';
import { metricNames, type MetricName } from '../../model/metrics.ts';
import type { DashboardReader } from '../reader.ts';
import { targetId } from './schemas.ts';

export interface HistoryRouteDeps extends Pick<DashboardReader, 'history'> {
  /** Epoch milliseconds of what is the present, where no end of the time is given. */
  now(): number;
}

const DEFAULT_RANGE_MS = 3_600_000;
const DEFAULT_POINTS = 300;
const MAX_POINTS = 2000;

const historyQuery = {
  type: 'object',
  required: ['target', 'metric'],
  properties: {
    target: targetId,
    metric: { enum: [...metricNames] },
    from: { type: 'integer', minimum: 0 },
    to: { type: 'integer', minimum: 0 },
    points: { type: 'integer', minimum: 1, maximum: MAX_POINTS, default: DEFAULT_POINTS },
  },
} as const;

interface HistoryQuerystring {
  readonly target: string;
  readonly metric: MetricName;
  readonly from?: number;
  readonly to?: number;
  readonly points: number;
}

/** What charts show. */
export function historyRoute(app: FastifyInstance, { history, now }: HistoryRouteDeps): void {
  app.get<{ Querystring: HistoryQuerystring }>(
    '/api/history',
    { schema: { querystring: historyQuery } },
    async ({ query }, reply) => {
      const toMs = query.to ?? now();
      const fromMs = query.from ?? toMs - DEFAULT_RANGE_MS;
      if (fromMs >= toMs) return reply.code(400).send({ error: 'from must be before to (epoch milliseconds)' });
      const { target, metric, points } = query;
      const answer = await history({ targetId: target, metric, fromMs, toMs, maxPoints: points });
      return { target, metric, from: fromMs, to: toMs, ...answer };
    },
  );
}
