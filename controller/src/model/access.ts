import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { parsePasswordHash, type PasswordHash } from './password-hash.ts';

/** `view` may look; `operate` may also change: acknowledge, silence, apply, start, stop. */
export const roles = ['view', 'operate'] as const;
export type Role = (typeof roles)[number];

/** Who may see the dashboard. Nobody has to sign in when all of it is empty. */
export interface Access {
  readonly passwords: readonly { readonly role: Role; readonly hash: PasswordHash }[];
  /** SHA-256 of each: tokens are long and random, so that they need no slow hash. */
  readonly tokens: readonly { readonly role: Role; readonly digest: Buffer }[];
  /** Addresses and networks whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Header in which such a proxy says who it is; absent: none is believed. */
  readonly userHeader?: string | undefined;
  /** Users of the proxy who may operate; `*` is all of them. The others may view. */
  readonly operators: readonly string[];
  /** Where nobody signs in: the addresses of those who may operate, the others may view. Absent: all may. */
  readonly operateFrom?: readonly string[] | undefined;
}

export type Credential = Access['passwords'][number] | Access['tokens'][number];

const MIN_TOKEN_CHARACTERS = 24;
/** RFC 9110's token: what a header may be called. */
const headerName = /^[!#$%&'*+.^_`|~\w-]{1,100}$/;

/** `operate=scrypt:16384:...`; undefined when it is none. */
export function parsePassword(entry: string): Access['passwords'][number] | undefined {
  const { role, rest } = splitRole(entry);
  const hash = parsePasswordHash(rest);
  return role === undefined || hash === undefined ? undefined : { role, hash };
}

/** `view=sha256:HEX` or `view=TOKEN`, of at least 24 characters; undefined when it is none. */
export function parseToken(entry: string): Access['tokens'][number] | undefined {
  const { role, rest } = splitRole(entry);
  if (role === undefined) return undefined;
  if (/^sha256:[0-9a-f]{64}$/.test(rest)) return { role, digest: Buffer.from(rest.slice(7), 'hex') };
  return /^[\w.~+/=-]+$/.test(rest) && rest.length >= MIN_TOKEN_CHARACTERS
    ? { role, digest: tokenDigest(rest) }
    : undefined;
}

export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function splitRole(entry: string): { readonly role: Role | undefined; readonly rest: string } {
  const at = entry.indexOf('=');
  return { role: roles.find((role) => role === entry.slice(0, at)), rest: entry.slice(at + 1) };
}

/** Lines `operate=scrypt:...` and `view=sha256:...`; `wrong` has the numbers of lines that are neither. */
export function parseAccessFile(text: string): Pick<Access, 'passwords' | 'tokens'> & { wrong: readonly number[] } {
  const lines = text.split('\n').map((line, index) => ({ entry: line.trim(), number: index + 1 }));
  const entries = lines.filter(({ entry }) => entry !== '' && !entry.startsWith('#'));
  return {
    passwords: entries.filter(isPasswordLine).flatMap(({ entry }) => parsePassword(entry) ?? []),
    tokens: entries.filter((line) => !isPasswordLine(line)).flatMap(({ entry }) => parseToken(entry) ?? []),
    wrong: entries
      .filter((line) => (isPasswordLine(line) ? parsePassword(line.entry) : parseToken(line.entry)) === undefined)
      .map(({ number }) => number),
  };
}

function isPasswordLine({ entry }: { readonly entry: string }): boolean {
  return entry.includes('=scrypt:');
}

/** `10.0.0.5` or `172.16.0.0/12`; not everybody. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

export function isHeaderName(text: string): boolean {
  return headerName.test(text);
}

/** Whether only this machine reaches what listens there. */
export function isLoopback(address: string): boolean {
  const name = address.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Whether somebody has to show who they are. */
export function isSignInOn({ passwords, tokens, userHeader }: Access): boolean {
  return passwords.length + tokens.length > 0 || userHeader !== undefined;
}
