import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_MS } from './sessions.ts';

const SESSION_COOKIE = 'foghorn_session';

/** The cookie that no script reads and no other site sends. `url`: as people reach the page. */
export interface SessionCookie {
  read(request: FastifyRequest): string | undefined;
  set(request: FastifyRequest, reply: FastifyReply, secret: string): void;
  clear(request: FastifyRequest, reply: FastifyReply): void;
}

export function createSessionCookie(url: URL): SessionCookie {
  const options = (request: FastifyRequest): CookieSerializeOptions => ({
    path: url.pathname,
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(request, url),
  });
  return {
    read: (request) => request.cookies[SESSION_COOKIE],
    set(request, reply, secret) {
      reply.setCookie(SESSION_COOKIE, secret, { ...options(request), maxAge: SESSION_MS / 1000 });
    },
    clear(request, reply) {
      reply.clearCookie(SESSION_COOKIE, options(request));
    },
  };
}

/** Behind a proxy that ends TLS and is not trusted, the name that was asked for tells it. */
function isSecure(request: FastifyRequest, url: URL): boolean {
  return request.protocol === 'https' || (url.protocol === 'https:' && request.headers.host === url.host);
}
