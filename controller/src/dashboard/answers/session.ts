import type { Role } from '../../model/access.ts';

/** `GET api/session`, and the answer of `POST api/session`. Open to all: it is what the sign-in view stands on. */
export type SessionAnswer = SignedIn | SignedOut;

interface SessionBase {
  /** `off`: nobody signs in; `proxy`: the reverse proxy says who it is, there is no form. */
  readonly signIn: 'off' | 'password' | 'proxy';
  /** Whether `status` shows the status page. */
  readonly statusPage: boolean;
}

export interface SignedIn extends SessionBase {
  readonly signedIn: true;
  /** Empty when nobody signs in. */
  readonly user: string;
  readonly role: Role;
  /** Goes into the header `x-csrf-token` of every POST, PUT and DELETE; another one after a restart: 403 asks for it anew. */
  readonly csrfToken: string;
  /** When the session ends at the latest; null without one. */
  readonly expiresAt: number | null;
  /** Of several replicas none leads, so that there is nothing live; when one was last heard. Null: one leads. */
  readonly leaderless: { readonly heardAt: number | null } | null;
}

export interface SignedOut extends SessionBase {
  readonly signedIn: false;
  readonly user: null;
  readonly role: null;
  readonly csrfToken: null;
  readonly expiresAt: null;
}

/** `POST api/session`. 401: wrong password; 429 with `retry-after`: too many attempts. `DELETE api/session` answers 204. */
export interface SignInRequest {
  readonly password: string;
}
