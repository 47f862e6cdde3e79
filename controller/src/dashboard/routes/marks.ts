import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { LoadTestSpan } from '../answers/container.ts';
import type { ContainerDetails, DashboardDetails, Span } from '../details.ts';
import { marksAnswer, MAX_MARKS } from '../marks-answer.ts';
import { targetId } from './schemas.ts';

export interface MarksRouteDeps extends Pick<DashboardDetails, 'episodes'> {
  readonly marks: ContainerDetails['marks'];
  /** Load tests that drove it. */
  loadSpans(targetId: string, span: Span): Promise<readonly LoadTestSpan[]>;
  readonly clock: Clock;
}

const DEFAULT_SPAN_MS = 3_600_000;

const span = {
  type: 'object',
  required: ['target'],
  properties: { target: targetId, from: { type: 'integer', minimum: 0 }, to: { type: 'integer', minimum: 0 } },
} as const;

/** What happened to a container, for its charts. */
export function marksRoute(app: FastifyInstance, deps: MarksRouteDeps): void {
  app.get<{ Querystring: { target: string; from?: number; to?: number } }>(
    '/api/container/marks',
    { schema: { querystring: span } },
    async ({ query }, reply) => {
      const toMs = query.to ?? deps.clock.now();
      const fromMs = query.from ?? toMs - DEFAULT_SPAN_MS;
      if (fromMs >= toMs) return reply.code(400).send({ error: 'from must be before to (epoch milliseconds)' });
      const between = { fromMs, toMs };
      const request = { ...between, targetId: query.target, limit: MAX_MARKS + 1 };
      const [episodes, changes, loadTests] = await Promise.all([
        deps.episodes(request),
        deps.marks(request),
        deps.loadSpans(query.target, between),
      ]);
      return marksAnswer(between, { episodes, changes, loadTests });
    },
  );
}
