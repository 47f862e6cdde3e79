import type { Role } from '../../model/access.ts';
import type { Session } from './sessions.ts';

/** Who asks, and what they may do. `user` is hostile text when a proxy gave it. */
export type Identity =
  /** Nobody has to sign in. */
  | { readonly kind: 'open'; readonly user: ''; readonly role: Role }
  | { readonly kind: 'session'; readonly user: string; readonly role: Role; readonly session: Session }
  | { readonly kind: 'token'; readonly user: string; readonly role: Role }
  | { readonly kind: 'proxy'; readonly user: string; readonly role: Role };
