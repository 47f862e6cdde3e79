import type { FastifyInstance } from 'fastify';
import type { Uptime } from '../uptime-cache.ts';

const MAX_UPTIMES = 100;
const targets = {
  type: 'object',
  required: ['targets'],
  properties: { targets: { type: 'string', minLength: 1, maxLength: 20_000 } },
} as const;

/** The last 24 hours of containers. */
export function uptimeRoute(app: FastifyInstance, uptime: Uptime): void {
  app.get<{ Querystring: { targets: string } }>(
    '/api/uptime',
    { schema: { querystring: targets } },
    async ({ query }, reply) => {
      const ids = [...new Set(query.targets.split(',').filter((id) => id !== ''))];
      if (ids.length > MAX_UPTIMES) return reply.code(400).send({ error: `at most ${MAX_UPTIMES} targets at a time` });
      return uptime.of(ids);
    },
  );
}
