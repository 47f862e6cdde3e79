import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import pLimit from 'p-limit';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { isSignInOn, tokenDigest, type Access, type Role } from '../../model/access.ts';
import { isPassword } from '../../model/password-hash.ts';
import { createAttempts } from './attempts.ts';
import type { Identity } from './identity.ts';
import { createNetworks } from './networks.ts';
import type { ReplicaKey } from './replica-key.ts';
import { createSessions } from './sessions.ts';
import { createSignedSessions } from './signed-sessions.ts';

/** What a request says about who sent it. */
export interface Claims {
  /** Other end of the connection. */
  readonly peer: string;
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
  /** Value of the header in which a proxy names the user. */
  readonly proxyUser: string | undefined;
}

export type SignInResult =
  | { readonly kind: 'signedIn'; readonly secret: string; readonly identity: Identity }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'tooMany'; readonly waitMs: number };

export interface SignIn {
  readonly mode: 'off' | 'password' | 'proxy';
  /** Header in which a proxy names the user; undefined when none is believed. */
  readonly userHeader: string | undefined;
  isTrustedProxy(address: string): boolean;
  identify(claims: Claims): Identity | undefined;
  /** Whether a stream that this identity opened may go on. Counts as use of its session. */
  isStillIn(identity: Identity): boolean;
  /** A password or a token, from an address. */
  attempt(secret: string, address: string): Promise<SignInResult>;
  /** What the cookie should be from now on; undefined: as it is. */
  renewed(identity: Identity, cookie: string | undefined): string | undefined;
  signOut(identity: Identity): void;
  /** What a page of ours can read and a page elsewhere cannot. */
  csrfToken(identity: Identity): string;
  isCsrfToken(identity: Identity, token: string): boolean;
}

const MAX_USER_CHARACTERS = 200;
/** Hashing takes 16 MiB and a core: one at a time. The limit of attempts bounds those that wait. */
const HASHES_AT_ONCE = 1;

export interface SignInDeps {
  readonly access: Access;
  /** Of several replicas: whoever signed in at one of them has signed in at all. Absent: there is this one. */
  readonly replicaKey?: ReplicaKey | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export function createSignIn(deps: SignInDeps): SignIn {
  const { access, replicaKey, clock, log } = deps;
  const sessions =
    replicaKey === undefined ? createSessions({ clock }) : createSignedSessions({ key: replicaKey.sessions, clock });
  const attempts = createAttempts(deps);
  const isTrustedProxy = createNetworks(access.trustedProxies);
  const mayOperateOpenly = access.operateFrom === undefined ? () => true : createNetworks(access.operateFrom);
  const oneHash = pLimit(HASHES_AT_ONCE);
  const isOn = isSignInOn(access);

  function bySession(cookie: string | undefined): Identity | undefined {
    const session = cookie === undefined ? undefined : sessions.bySecret(cookie);
    return session && { kind: 'session', user: session.role, role: session.role, session };
  }

  function byProxy({ peer, proxyUser }: Claims): Identity | undefined {
    const user = proxyUser?.trim();
    if (access.userHeader === undefined || user === undefined || user === '') return undefined;
    if (user.length > MAX_USER_CHARACTERS || !isTrustedProxy(peer)) return undefined;
    const mayOperate = access.operators.includes('*') || access.operators.includes(user);
    return { kind: 'proxy', user, role: mayOperate ? 'operate' : 'view' };
  }

  async function roleOf(secret: string): Promise<Role | undefined> {
    const fits: Role[] = [];
    const ofToken = roleOfToken(access, secret);
    if (ofToken !== undefined) fits.push(ofToken);
    // All of them, so that the time says nothing about which one fits.
    for (const { role, hash } of access.passwords) {
      if (await oneHash(() => isPassword(secret, hash))) fits.push(role);
    }
    return highest(fits);
  }

  return {
    mode: modeOf(access),
    userHeader: access.userHeader,
    isTrustedProxy,
    identify(claims) {
      if (!isOn) return { kind: 'open', user: '', role: mayOperateOpenly(claims.peer) ? 'operate' : 'view' };
      const token = bearerToken(claims.authorization);
      if (token !== undefined) return byToken(access, token);
      return bySession(claims.cookie) ?? byProxy(claims);
    },
    isStillIn: (identity) => identity.kind !== 'session' || sessions.isOpen(identity.session),
    renewed: (identity, cookie) =>
      identity.kind === 'session' && cookie !== undefined ? sessions.renewed(cookie) : undefined,
    async attempt(secret, address) {
      const waitMs = attempts.take(address);
      if (waitMs > 0) {
        log.warn({ address, waitMs }, 'sign-in refused: too many attempts');
        return { kind: 'tooMany', waitMs };
      }
      const role = await roleOf(secret);
      if (role === undefined) {
        log.warn({ address }, 'sign-in failed: wrong password');
        return { kind: 'wrong' };
      }
      attempts.succeeded(address);
      const opened = sessions.open(role);
      log.info({ address, role }, 'signed in');
      return {
        kind: 'signedIn',
        secret: opened.secret,
        identity: { kind: 'session', user: role, role, session: opened.session },
      };
    },
    signOut(identity) {
      if (identity.kind !== 'session') return;
      sessions.end(identity.session);
      log.info({ role: identity.role }, 'signed out');
    },
    ...createCsrfTokens(replicaKey?.csrf ?? randomBytes(32)),
  };
}

/** With a key of one process, pages ask for other tokens after its restart. */
function createCsrfTokens(key: Buffer): Pick<SignIn, 'csrfToken' | 'isCsrfToken'> {
  const csrfToken = (identity: Identity): string =>
    createHmac('sha256', key).update(subjectOf(identity)).digest('base64url');
  return {
    csrfToken,
    isCsrfToken: (identity, token) => timingSafeEqual(tokenDigest(csrfToken(identity)), tokenDigest(token)),
  };
}

function modeOf(access: Access): SignIn['mode'] {
  if (!isSignInOn(access)) return 'off';
  return access.passwords.length + access.tokens.length > 0 ? 'password' : 'proxy';
}

/** Another scheme is between browser and proxy, which passes it on. */
function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

function byToken(access: Access, token: string): Identity | undefined {
  const role = roleOfToken(access, token);
  return role && { kind: 'token', user: `${role} (token)`, role };
}

function roleOfToken({ tokens }: Access, token: string): Role | undefined {
  const given = tokenDigest(token);
  return highest(tokens.filter(({ digest }) => timingSafeEqual(digest, given)).map(({ role }) => role));
}

function highest(roles: readonly Role[]): Role | undefined {
  return roles.includes('operate') ? 'operate' : roles[0];
}

function subjectOf(identity: Identity): string {
  switch (identity.kind) {
    case 'open':
      return 'open';
    case 'session':
      return `session ${identity.session.key}`;
    case 'token':
    case 'proxy':
      return `${identity.kind} ${identity.user}`;
    default:
      return identity satisfies never;
  }
}
