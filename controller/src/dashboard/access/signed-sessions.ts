import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { roles, tokenDigest, type Role } from '../../model/access.ts';
import { IDLE_MS, SESSION_MS, type Session, type Sessions } from './sessions.ts';

/** A use is noted in the cookie when the last note is so old; a page that is open asks who it is each half hour. */
export const RENEW_MS = 600_000;
/** How far the clocks of replicas may be apart. */
export const SKEW_MS = 300_000;
export const MAX_ENDED = 10_000;
const KEY_BYTES = 16;

/** `v1.KEY.ROLE.EXPIRES.USED.SIGNATURE`, times in milliseconds to the base of 36. */
const pattern = /^(v1\.([\w-]{22})\.(\w{1,20})\.([\da-z]{1,10})\.([\da-z]{1,10}))\.([\w-]{43})$/;

interface Note {
  readonly session: Session;
  readonly usedAt: number;
}

/**
 * Sessions that all replicas with the same key know without asking: what there is to know of one is in its cookie,
 * signed with HMAC-SHA-256. Only sign-outs are remembered, by this process, for as long as the cookie would be good.
 */
export function createSignedSessions({ key, clock }: { readonly key: Buffer; readonly clock: Clock }): Sessions {
  const ended = createEnded(clock);

  function isOpen(session: Session): boolean {
    const now = clock.now();
    return now < session.expiresAt && session.expiresAt <= now + SESSION_MS + SKEW_MS && !ended.has(session);
  }

  function read(secret: string): Note | undefined {
    const note = noteOf(secret, key);
    const now = clock.now();
    if (note === undefined || now - note.usedAt >= IDLE_MS || note.usedAt > now + SKEW_MS) return undefined;
    return isOpen(note.session) ? note : undefined;
  }

  return {
    open(role) {
      const now = clock.now();
      const name = randomBytes(KEY_BYTES).toString('base64url');
      const session = { key: name, role, expiresAt: now + SESSION_MS };
      return { secret: secretOf({ session, usedAt: now }, key), session };
    },
    bySecret: (secret) => read(secret)?.session,
    // A stream that is open says that somebody is there: it lasts as long as the session.
    isOpen,
    renewed(secret) {
      const note = read(secret);
      const now = clock.now();
      if (note === undefined || now - note.usedAt < RENEW_MS) return undefined;
      return secretOf({ session: note.session, usedAt: now }, key);
    },
    end: ended.add,
  };
}

/** Sessions that were ended before their time. With too many of them, others that began no later end as well. */
function createEnded(clock: Clock): { has(session: Session): boolean; add(session: Session): void } {
  const expiries = new Map<string, number>();
  let allUntil = 0;

  function makeRoom(): void {
    for (const [key, expiresAt] of expiries) if (expiresAt <= clock.now()) expiries.delete(key);
    if (expiries.size < MAX_ENDED) return;
    const [key, expiresAt] = [...expiries].reduce((first, other) => (other[1] < first[1] ? other : first));
    expiries.delete(key);
    allUntil = Math.max(allUntil, expiresAt);
  }

  return {
    has: ({ key, expiresAt }) => expiresAt <= allUntil || expiries.has(key),
    add({ key, expiresAt }) {
      if (expiries.size >= MAX_ENDED) makeRoom();
      expiries.set(key, expiresAt);
    },
  };
}

function secretOf({ session, usedAt }: Note, key: Buffer): string {
  const content = ['v1', session.key, session.role, session.expiresAt.toString(36), usedAt.toString(36)].join('.');
  return `${content}.${signatureOf(content, key)}`;
}

function noteOf(secret: string, key: Buffer): Note | undefined {
  const [, content = '', name = '', word = '', expires = '', used = '', signature = ''] = pattern.exec(secret) ?? [];
  const role: Role | undefined = roles.find((known) => known === word);
  // Digests of both, so that the comparison tells nothing by its time.
  const isOurs = timingSafeEqual(tokenDigest(signatureOf(content, key)), tokenDigest(signature));
  if (!isOurs || role === undefined) return undefined;
  return {
    session: { key: name, role, expiresAt: Number.parseInt(expires, 36) },
    usedAt: Number.parseInt(used, 36),
  };
}

function signatureOf(content: string, key: Buffer): string {
  return createHmac('sha256', key).update(content).digest('base64url');
}
