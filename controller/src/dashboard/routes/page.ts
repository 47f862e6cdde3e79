import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The bundled page; without it, a word on how to get it. */
export async function pageRoutes(
  app: FastifyInstance,
  { webDir, hasStatusPage }: { readonly webDir: string; readonly hasStatusPage: boolean },
): Promise<void> {
  if (!existsSync(join(webDir, 'index.html'))) {
    app.get('/', (_request, reply) =>
      reply
        .code(503)
        .type('text/plain')
        .send('The page is not built yet: run `npm run build`, then reload. The data is at /api/state.\n'),
    );
    return;
  }
  await app.register(fastifyStatic, { root: webDir, index: ['index.html'], cacheControl: false, etag: true });
  // The same page, which sees by its address what it is to show.
  if (hasStatusPage) app.get('/status', (_request, reply) => reply.sendFile('index.html'));
}
