import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SessionAnswer, SignedIn } from '../answers/session.ts';
import { plainAddress } from '../access/networks.ts';
import type { SessionCookie } from '../access/session-cookie.ts';
import type { Identity } from '../access/identity.ts';
import type { SignIn } from '../access/sign-in.ts';

export interface SessionRouteOptions {
  readonly cookie: SessionCookie;
  readonly statusPage: boolean;
  /** Since when nobody leads, where that can be; `heardAt` undefined: nobody has since the start. */
  readonly leaderless?: (() => { readonly heardAt: number | undefined } | undefined) | undefined;
  /** Tells others who keep sessions that one is over; never rejects. */
  readonly alsoSignOut?: ((request: FastifyRequest) => Promise<void>) | undefined;
}

const MAX_PASSWORD_CHARACTERS = 1000;
const signInBody = {
  type: 'object',
  required: ['password'],
  properties: { password: { type: 'string', minLength: 1, maxLength: MAX_PASSWORD_CHARACTERS } },
} as const;

/** Who am I, sign in, sign out. */
export function sessionRoutes(app: FastifyInstance, signIn: SignIn, options: SessionRouteOptions): void {
  app.get('/api/session', { config: { access: 'public' } }, (request, reply) => {
    const { identity } = request;
    reply.header('cache-control', 'no-store');
    const renewed = identity === null ? undefined : signIn.renewed(identity, options.cookie.read(request));
    // Only here: no cache on the way keeps this answer, with its cookie, for others.
    if (renewed !== undefined) options.cookie.set(request, reply, renewed);
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
      options.cookie.set(request, reply, result.secret);
      return sessionAnswer(result.identity, signIn, options);
    },
  );
  app.delete('/api/session', { config: { access: 'view' } }, async (request, reply) => {
    if (request.identity !== null) signIn.signOut(request.identity);
    await options.alsoSignOut?.(request);
    options.cookie.clear(request, reply);
    return reply.code(204).send();
  });
}

function tooMany(reply: FastifyReply, waitMs: number): FastifyReply {
  const seconds = Math.ceil(waitMs / 1000);
  return reply
    .code(429)
    .header('retry-after', seconds)
    .send({ error: `too many attempts: try again in ${seconds} s` });
}

function sessionAnswer(identity: Identity | null, signIn: SignIn, options: SessionRouteOptions): SessionAnswer {
  const common = { signIn: signIn.mode, statusPage: options.statusPage };
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
    leaderless: leaderlessAnswer(options.leaderless?.()),
  };
}

function leaderlessAnswer(state: { readonly heardAt: number | undefined } | undefined): SignedIn['leaderless'] {
  return state === undefined ? null : { heardAt: state.heardAt ?? null };
}
