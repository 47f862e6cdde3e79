import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../../model/access.ts';
import { isAllowedHost, isOwnOrigin, securityHeaders } from '../security.ts';
import type { Clock } from '../../clock.ts';
import type { Identity } from './identity.ts';
import { plainAddress } from './networks.ts';
import { refuseReplica, replicaWord } from './replica-gate.ts';
import type { ReplicaClaim, ReplicaKey } from './replica-key.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Claims, SignIn } from './sign-in.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; default: `view` for GET and HEAD, `operate` for the rest. `replica`: other replicas, and no people. */
    access?: 'public' | Role | 'replica';
  }
  interface FastifyRequest {
    /** Who asks; null where nobody signed in, which only routes with public access see. */
    identity: Identity | null;
    /** The word of another replica that it comes from; null: from elsewhere. */
    replica: ReplicaClaim | null;
  }
}

export interface GateOptions {
  /** Names besides localhost and addresses under which the server is known. */
  readonly knownNames: readonly string[];
  /** As people reach it. */
  readonly url: URL;
  readonly cookie: SessionCookie;
  /** Of several replicas: what another one says of who asks is believed when it is signed with this. */
  readonly replicaKey?: ReplicaKey | undefined;
  readonly clock: Clock;
}

/** Every request passes here first: by host name, identity, role, and where a write came from. */
export async function addGate(app: FastifyInstance, signIn: SignIn, options: GateOptions): Promise<void> {
  await app.register(cookie);
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('identity', null);
  app.decorateRequest('replica', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const word = replicaWord(request, { key: options.replicaKey, clock: options.clock });
    if (word.kind === 'wrong') return refuseReplica(reply, 'wrong');
    if (word.kind === 'signed') {
      request.replica = word.claim;
      request.identity = word.claim.kind === 'user' ? word.claim.identity : null;
      if (request.identity !== null && !signIn.isStillIn(request.identity)) return refuseReplica(reply, 'signedOut');
    } else {
      if (!isAllowedHost(request.headers.host, options.knownNames)) return refuseHost(reply);
      request.identity = signIn.identify(claimsOf(request, signIn, options)) ?? null;
    }
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
  const isForgeable = isForgeableWrite(request);
  if (isForgeable && !isSameOrigin(request, options)) return otherSite;
  const access = accessOf(request);
  if (access === 'public' || request.is404) return undefined;
  const isMember = request.replica?.kind === 'member';
  // What replicas ask of each other is no way to what people ask for, and the other way round.
  if (access === 'replica' || isMember) return access === 'replica' && isMember ? undefined : notPeople;
  return refusalOfPerson(request, { access, isForgeable, signIn });
}

function refusalOfPerson(
  request: FastifyRequest,
  asked: { readonly access: Role; readonly isForgeable: boolean; readonly signIn: SignIn },
): Refusal | undefined {
  const { identity } = request;
  if (identity === null) return nobody;
  if (asked.access === 'operate' && identity.role === 'view') {
    return identity.kind === 'open' ? notFromHere : needsOperate;
  }
  return asked.isForgeable && !hasCsrfToken(request, identity, asked.signIn) ? oldPage : undefined;
}

function accessOf({ routeOptions, method }: FastifyRequest): 'public' | Role | 'replica' {
  return routeOptions.config.access ?? (safeMethods.includes(method) ? 'view' : 'operate');
}

/**
 * A token is sent by a script on purpose, and another replica has checked where a write came from; all else a browser
 * sends by itself, whatever page asks it to.
 */
function isForgeableWrite({ method, identity, replica }: FastifyRequest): boolean {
  return !safeMethods.includes(method) && identity?.kind !== 'token' && replica === null;
}

const otherSite: Refusal = {
  status: 403,
  error: 'this comes from another site (Origin); set DASHBOARD_URL to how the page is reached',
};
const nobody: Refusal = { status: 401, error: 'sign in first' };
const needsOperate: Refusal = { status: 403, error: 'your role is view, this needs operate' };
const notFromHere: Refusal = {
  status: 403,
  error: 'without a sign-in only the machine itself may change something: set DASHBOARD_PASSWORDS',
};
const notPeople: Refusal = { status: 403, error: 'this is between replicas' };
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

function claimsOf(request: FastifyRequest, { userHeader }: SignIn, options: GateOptions): Claims {
  const proxyUser = userHeader === undefined ? undefined : request.headers[userHeader];
  return {
    peer: plainAddress(request.socket.remoteAddress ?? ''),
    cookie: options.cookie.read(request),
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
