import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../../model/access.ts';
import { isAllowedHost, isOwnOrigin, securityHeaders } from '../security.ts';
import { plainAddress } from './networks.ts';
import type { Identity, SignIn } from './sign-in.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; default: `view` for GET and HEAD, `operate` for the rest. */
    access?: 'public' | Role;
  }
  interface FastifyRequest {
    /** Who asks; null where nobody signed in, which only routes with public access see. */
    identity: Identity | null;
  }
}

export interface GateOptions {
  /** Names besides localhost and addresses under which the server is known. */
  readonly knownNames: readonly string[];
  /** As people reach it. */
  readonly url: URL;
  readonly sessionCookie: string;
}

/** Every request passes here first: by host name, identity, role, and where a write came from. */
export async function addGate(app: FastifyInstance, signIn: SignIn, options: GateOptions): Promise<void> {
  await app.register(cookie);
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('identity', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    if (!isAllowedHost(request.headers.host, options.knownNames)) return refuseHost(reply);
    request.identity = signIn.identify(claimsOf(request, signIn, options)) ?? null;
    const refusal = refusalOf(request, signIn, options);
    if (refusal === undefined) return undefined;
    if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="foghorn"');
    return reply.code(refusal.status).send({ error: refusal.error });
  });
}

interface Refusal {
  readonly status: 401 | 403;
  readonly error: string;
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

function refusalOf(request: FastifyRequest, signIn: SignIn, options: GateOptions): Refusal | undefined {
  const { identity } = request;
  const isForgeable = isForgeableWrite(request);
  if (isForgeable && !isSameOrigin(request, options)) return otherSite;
  const access = accessOf(request);
  if (access === 'public' || request.is404) return undefined;
  if (identity === null) return { status: 401, error: 'sign in first' };
  if (access === 'operate' && identity.role === 'view') return identity.kind === 'open' ? notFromHere : needsOperate;
  return isForgeable && !hasCsrfToken(request, identity, signIn) ? oldPage : undefined;
}

function accessOf({ routeOptions, method }: FastifyRequest): 'public' | Role {
  return routeOptions.config.access ?? (safeMethods.includes(method) ? 'view' : 'operate');
}

/** A token is sent by a script on purpose; all else a browser sends by itself, whatever page asks it to. */
function isForgeableWrite({ method, identity }: FastifyRequest): boolean {
  return !safeMethods.includes(method) && identity?.kind !== 'token';
}

const otherSite: Refusal = {
  status: 403,
  error: 'this comes from another site (Origin); set DASHBOARD_URL to how the page is reached',
};
const needsOperate: Refusal = { status: 403, error: 'your role is view, this needs operate' };
const notFromHere: Refusal = {
  status: 403,
  error: 'without a sign-in only the machine itself may change something: set DASHBOARD_PASSWORDS',
};
const oldPage: Refusal = { status: 403, error: 'the header x-csrf-token is missing or old: reload the page' };

function hasCsrfToken(request: FastifyRequest, identity: Identity, signIn: SignIn): boolean {
  const token = request.headers['x-csrf-token'];
  return typeof token === 'string' && signIn.isCsrfToken(identity, token);
}

/** Browsers say where a write comes from. A script says nothing; it has no cookie that a page elsewhere could use. */
function isSameOrigin(request: FastifyRequest, { url }: GateOptions): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || isOwnOrigin(origin, { url, hosts: [request.headers.host, request.host] });
}

function claimsOf(request: FastifyRequest, { userHeader }: SignIn, { sessionCookie }: GateOptions) {
  const proxyUser = userHeader === undefined ? undefined : request.headers[userHeader];
  return {
    peer: plainAddress(request.socket.remoteAddress ?? ''),
    cookie: request.cookies[sessionCookie],
    authorization: request.headers.authorization,
    proxyUser: typeof proxyUser === 'string' ? proxyUser : undefined,
  };
}

function refuseHost(reply: FastifyReply): FastifyReply {
  return reply
    .code(421)
    .type('text/plain')
    .send('Unknown host name: open the dashboard by its address, or set DASHBOARD_URL to this name.\n');
}
