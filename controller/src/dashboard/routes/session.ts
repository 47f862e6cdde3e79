import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SessionAnswer } from '../answers/session.ts';
import { plainAddress } from '../access/networks.ts';
import { SESSION_MS } from '../access/sessions.ts';
import type { Identity, SignIn } from '../access/sign-in.ts';

export interface SessionRouteOptions {
  readonly url: URL;
  readonly sessionCookie: string;
  readonly statusPage: boolean;
}

const MAX_PASSWORD_CHARACTERS = 1000;
const signInBody = {
  type: 'object',
  required: ['password'],
  properties: { password: { type: 'string', minLength: 1, maxLength: MAX_PASSWORD_CHARACTERS } },
} as const;

/** Who am I, sign in, sign out. */
export function sessionRoutes(app: FastifyInstance, signIn: SignIn, options: SessionRouteOptions): void {
  const cookie = (request: FastifyRequest) => ({
    path: options.url.pathname,
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: isSecure(request, options.url),
  });

  app.get('/api/session', { config: { access: 'public' } }, ({ identity }, reply) => {
    reply.header('cache-control', 'no-store');
    return sessionAnswer(identity, signIn, options);
  });
  app.post<{ Body: { password: string } }>(
    '/api/session',
    { config: { access: 'public' }, schema: { body: signInBody } },
    async (request, reply) => {
      if (signIn.mode === 'off') return sessionAnswer(request.identity, signIn, options);
      const result = await signIn.attempt(request.body.password, plainAddress(request.ip));
      if (result.kind === 'tooMany') return tooMany(reply, result.waitMs);
      if (result.kind === 'wrong') return reply.code(401).send({ error: 'wrong password' });
      reply.setCookie(options.sessionCookie, result.secret, { ...cookie(request), maxAge: SESSION_MS / 1000 });
      return sessionAnswer(result.identity, signIn, options);
    },
  );
  app.delete('/api/session', { config: { access: 'view' } }, (request, reply) => {
    if (request.identity !== null) signIn.signOut(request.identity);
    return reply.clearCookie(options.sessionCookie, cookie(request)).code(204).send();
  });
}

function tooMany(reply: FastifyReply, waitMs: number): FastifyReply {
  const seconds = Math.ceil(waitMs / 1000);
  return reply
    .code(429)
    .header('retry-after', seconds)
    .send({ error: `too many attempts: try again in ${seconds} s` });
}

/** Behind a proxy that ends TLS and is not trusted, the name that was asked for tells it. */
function isSecure(request: FastifyRequest, url: URL): boolean {
  return request.protocol === 'https' || (url.protocol === 'https:' && request.headers.host === url.host);
}

function sessionAnswer(identity: Identity | null, signIn: SignIn, { statusPage }: SessionRouteOptions): SessionAnswer {
  const common = { signIn: signIn.mode, statusPage };
  if (identity === null) {
    return { ...common, signedIn: false, user: null, role: null, csrfToken: null, expiresAt: null };
  }
  return {
    ...common,
    signedIn: true,
    user: identity.user,
    role: identity.role,
    csrfToken: signIn.csrfToken(identity),
    expiresAt: identity.kind === 'session' ? identity.session.expiresAt : null,
  };
}
