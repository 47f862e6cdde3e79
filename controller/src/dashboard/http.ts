import fastify, { type FastifyInstance } from 'fastify';
import { errorCode, FoghornError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { SignIn } from './access/sign-in.ts';
import { basePath, withoutBasePath } from './base-path.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const BODY_LIMIT_BYTES = 65_536;

/** A server without routes, that says what is wrong as JSON, and of faults nothing. */
export function createHttp(url: URL, { isTrustedProxy }: SignIn, log: Log): FastifyInstance {
  const base = basePath(url);
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    trustProxy: (address) => isTrustedProxy(address),
    rewriteUrl: (request) => withoutBasePath(request.url ?? '/', base),
  });
  app.setErrorHandler(async (error: Error & { readonly statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ url: request.url, error: error.message }, 'request failed');
    await reply.code(status).send({ error: status >= 500 ? 'internal error' : error.message });
  });
  app.setNotFoundHandler({}, (request, reply) => {
    const isPage = request.method === 'GET' && request.url === base;
    return isPage && base !== ''
      ? reply.redirect(`${base}/`)
      : reply.code(404).send({ error: 'there is nothing here' });
  });
  return app;
}

/** The port that it listens on; rejects with InvalidConfig and the way out when it is taken. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') {
      throw new FoghornError(
        'InvalidConfig',
        `port ${port} is taken: stop what listens there, or set PORT to another`,
        { cause: error },
      );
    }
    throw error;
  }
  const address = app.server.address();
  return address === null || typeof address === 'string' ? port : address.port;
}
