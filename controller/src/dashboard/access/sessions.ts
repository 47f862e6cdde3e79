import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Role } from '../../model/access.ts';

export interface Session {
  /** Name of it, which opens nothing: what is in the cookie cannot be made from it. */
  readonly key: string;
  readonly role: Role;
  readonly expiresAt: number;
}

/** Who has signed in. */
export interface Sessions {
  /** The secret goes into the cookie. */
  open(role: Role): { readonly secret: string; readonly session: Session };
  /** Counts as use; undefined when it has ended. */
  bySecret(secret: string): Session | undefined;
  /** Whether one that is in use still is. Counts as use. */
  isOpen(session: Session): boolean;
  /** What the cookie should be from now on, of a secret that is good; undefined: as it is. */
  renewed(secret: string): string | undefined;
  end(session: Session): void;
}

/** In memory: a restart signs everybody out. When there are too many, the one that was idle for longest ends. */
export interface KeptSessions extends Sessions {
  count(): number;
}

/** Whoever has a session signs in again after a week, or when no page of it was open for half a day. */
export const SESSION_MS: number = 7 * 86_400_000;
export const IDLE_MS: number = 12 * 3_600_000;
export const MAX_SESSIONS = 1000;
const SECRET_BYTES = 32;

export function createSessions({ clock }: { readonly clock: Clock }): KeptSessions {
  // In order of use.
  const sessions = new Map<string, { readonly session: Session; readonly usedAt: number }>();

  function byKey(key: string): Session | undefined {
    const known = sessions.get(key);
    if (known === undefined) return undefined;
    sessions.delete(key);
    const now = clock.now();
    if (now >= known.session.expiresAt || now - known.usedAt >= IDLE_MS) return undefined;
    sessions.set(key, { ...known, usedAt: now });
    return known.session;
  }

  return {
    open(role) {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const now = clock.now();
      const session = { key: keyOf(secret), role, expiresAt: now + SESSION_MS };
      sessions.set(session.key, { session, usedAt: now });
      const idlest = sessions.size > MAX_SESSIONS ? sessions.keys().next().value : undefined;
      if (idlest !== undefined) sessions.delete(idlest);
      return { secret, session };
    },
    bySecret: (secret) => byKey(keyOf(secret)),
    isOpen: ({ key }) => byKey(key) !== undefined,
    renewed: () => undefined,
    end: ({ key }) => {
      sessions.delete(key);
    },
    count: () => sessions.size,
  };
}

function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
