import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { FoghornError } from '../../errors.ts';
import { roles, tokenDigest, type Access } from '../../model/access.ts';
import type { Identity } from './identity.ts';

/** Secrets that all replicas have in common, each for one purpose. */
export interface ReplicaKey {
  /** Signs what one replica sends to another. */
  readonly requests: Buffer;
  /** Signs the cookies of those who have signed in. */
  readonly sessions: Buffer;
  /** Makes the tokens against writes from other sites. */
  readonly csrf: Buffer;
}

/** Who a request between replicas is from. */
export type ReplicaClaim =
  /** Passed on for somebody whom the sender has identified, and whose write it has checked; null: for anybody. */
  | { readonly kind: 'user'; readonly identity: Identity | null }
  /** A replica itself, for routes that people do not have. */
  | { readonly kind: 'member'; readonly name: string };

/** What is signed besides the claim: it is good for this request only. `path` with its query, as the receiver routes it. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  /** Of the own clock. */
  readonly now: number;
}

/** Header of requests between replicas. Whatever comes from elsewhere under this name is dropped. */
export const REPLICA_HEADER = 'x-foghorn-replica';
/** How long a header is good for, and how far the clocks of two replicas may be apart. */
export const REPLICA_HEADER_MS = 30_000;
const VERSION = 'v1';
const MAX_HEADER_CHARACTERS = 4096;
const MAX_NAME_CHARACTERS = 253;
const KEY_BYTES = 32;
const SALT = 'foghorn.dev/replicas/v1';

/**
 * Secrets of all replicas with the same passwords, tokens and REPLICA_KEY (`extra`); other passwords make others
 * (HKDF, RFC 5869). Tokens alone do not do: whoever was given one could make the secrets from it, and be an operator.
 * Throws InvalidConfig.
 */
export function replicaKey(access: Pick<Access, 'passwords' | 'tokens'>, extra: string | undefined): ReplicaKey {
  if (extra === undefined && access.passwords.length === 0) {
    throw new FoghornError(
      'InvalidConfig',
      'LEADER_ELECTION: without DASHBOARD_PASSWORDS the replicas have no secret in common: set REPLICA_KEY to the same random text in all of them (openssl rand -hex 32)',
    );
  }
  const passwords = access.passwords.map(
    ({ role, hash }) => `${role} ${hash.salt.toString('hex')} ${hash.hash.toString('hex')}`,
  );
  const tokens = access.tokens.map(({ role, digest }) => `${role} ${digest.toString('hex')}`);
  const material = JSON.stringify([passwords.toSorted(), tokens.toSorted(), extra ?? '']);
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', material, SALT, purpose, KEY_BYTES));
  return { requests: derive('requests'), sessions: derive('sessions'), csrf: derive('csrf') };
}

/** Value of {@link REPLICA_HEADER}: `v1.<claim and time>.<HMAC-SHA-256 of that, the method and the path>`. */
export function signReplica(key: ReplicaKey, claim: ReplicaClaim, request: SignedRequest): string {
  const body = Buffer.from(JSON.stringify({ ...claim, at: request.now })).toString('base64url');
  return `${VERSION}.${body}.${signatureOf(key, body, request).toString('base64url')}`;
}

/** Who it is from; undefined unless it was signed with this key, for this request, within {@link REPLICA_HEADER_MS}. */
export function readReplica(key: ReplicaKey, header: string, request: SignedRequest): ReplicaClaim | undefined {
  if (header.length > MAX_HEADER_CHARACTERS) return undefined;
  const [version, body = '', signature = '', more] = header.split('.');
  if (version !== VERSION || more !== undefined) return undefined;
  // Digests of both: of equal length, whatever was sent.
  const expected = signatureOf(key, body, request).toString('base64url');
  if (!timingSafeEqual(tokenDigest(expected), tokenDigest(signature))) return undefined;
  const content = fieldsOf(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
  const at = content['at'];
  if (typeof at !== 'number' || Math.abs(request.now - at) > REPLICA_HEADER_MS) return undefined;
  return claimOf(content);
}

/** Neither a method nor an address has a line break in it. */
function signatureOf({ requests }: ReplicaKey, body: string, { method, path }: SignedRequest): Buffer {
  return createHmac('sha256', requests).update([VERSION, method, path, body].join('\n')).digest();
}

function claimOf(content: Fields): ReplicaClaim | undefined {
  const name = content['name'];
  switch (content['kind']) {
    case 'user': {
      if (content['identity'] === null) return { kind: 'user', identity: null };
      const identity = identityOf(fieldsOf(content['identity']));
      return identity && { kind: 'user', identity };
    }
    case 'member':
      return typeof name === 'string' && name.length <= MAX_NAME_CHARACTERS ? { kind: 'member', name } : undefined;
    default:
      return undefined;
  }
}

/** A replica of another version may say what this one does not know. */
function identityOf(content: Fields): Identity | undefined {
  const { kind, user } = content;
  const role = roles.find((known) => known === content['role']);
  if (role === undefined || typeof user !== 'string') return undefined;
  switch (kind) {
    case 'open':
      return { kind, user: '', role };
    case 'token':
    case 'proxy':
      return { kind, user, role };
    case 'session': {
      const { key, expiresAt } = fieldsOf(content['session']);
      if (typeof key !== 'string' || typeof expiresAt !== 'number') return undefined;
      return { kind, user, role, session: { key, role, expiresAt } };
    }
    default:
      return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
