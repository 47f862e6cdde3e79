import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MAX_SCREEN_IDS, type ScreenRequest } from '../answers/live.ts';
import type { Live } from '../live/live.ts';
import { securityHeaders } from '../security.ts';

const MAX_ID_CHARACTERS = 1000;

const liveQuery = {
  type: 'object',
  properties: { last: { type: 'string', maxLength: 100 } },
} as const;

const screenBody = {
  type: 'object',
  required: ['ids'],
  properties: {
    ids: { type: 'array', maxItems: MAX_SCREEN_IDS, items: { type: 'string', maxLength: MAX_ID_CHARACTERS } },
    lines: { type: 'boolean' },
  },
} as const;

/** The stream of what changes, and what of it is on screen; `isStillIn`: whether who asked is still signed in. */
export function liveRoutes(app: FastifyInstance, live: Live, isStillIn: (request: FastifyRequest) => boolean): void {
  app.get<{ Querystring: { last?: string } }>(
    '/api/live',
    { schema: { querystring: liveQuery }, exposeHeadRoute: false },
    (request, reply) => {
      reply.hijack();
      for (const [name, value] of Object.entries(securityHeaders)) reply.raw.setHeader(name, value);
      if (!live.open(reply.raw, { lastId: lastIdOf(request), isStillIn: () => isStillIn(request) })) {
        reply.raw.writeHead(503, { 'retry-after': '10', 'content-type': 'text/plain' }).end('too many live views\n');
      }
    },
  );
  // It changes nothing but what the same viewer gets.
  app.post<{ Params: { stream: string }; Body: ScreenRequest }>(
    '/api/live/:stream/screen',
    { config: { access: 'view' }, schema: { body: screenBody } },
    ({ params, body }, reply) =>
      live.show(params.stream, body) ? reply.code(204).send() : reply.code(404).send({ error: 'this stream is gone' }),
  );
}

/** A browser that reconnects by itself repeats its address, with the header of what it got since. */
function lastIdOf({ headers, query }: FastifyRequest<{ Querystring: { last?: string } }>): string | undefined {
  const header = headers['last-event-id'];
  return typeof header === 'string' && header !== '' ? header : query.last;
}
