import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { FoghornError } from '../../errors.ts';
import { readIfThere, writePrivate } from './private-file.ts';

/** Who asks. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** Groups that carry rights. */
export const ADMIN_GROUP = 'system:masters';
export const EDIT_GROUP = 'foghorn:edit';
export const VIEW_GROUP = 'foghorn:view';
const AUTHENTICATED_GROUP = 'system:authenticated';

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export interface Credential {
  readonly token: string;
  readonly user: User;
}

const TOKEN_BYTES = 32;
const MIN_TOKEN_CHARACTERS = 8;
const MAX_TOKENS = 1000;
const MAX_TOKEN_CHARACTERS = 4096;

/** Groups of a user beyond those that a file or a header gives. */
export function authenticated(user: User): User {
  return { ...user, groups: [...new Set([...user.groups, AUTHENTICATED_GROUP])] };
}

/**
 * The credentials of `tokens.csv` in the folder, one line each: `token,user,uid,"group,group"`, as the static token
 * file of an API server. Made at first use with a user for each of the roles admin, edit and view.
 */
export async function loadCredentials(folder: string): Promise<readonly Credential[]> {
  const file = join(folder, 'tokens.csv');
  const text = await readIfThere(file);
  if (text !== undefined) return parseTokens(text, file);
  const made = newTokens();
  await writePrivate(file, made);
  return parseTokens(made, file);
}

function newTokens(): string {
  return [newLine('admin', ADMIN_GROUP), newLine('edit', EDIT_GROUP), newLine('view', VIEW_GROUP)].join('');
}

function newLine(user: string, group: string): string {
  return `${randomBytes(TOKEN_BYTES).toString('base64url')},${user},${user},"${group}"\n`;
}

/** Throws InvalidConfig naming the line, never the token. */
export function parseTokens(text: string, file: string): readonly Credential[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), at: `${file}:${index + 1}` }));
  const credentials = lines
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, at }) => parseLine(line, at));
  if (credentials.length > MAX_TOKENS)
    throw new FoghornError('InvalidConfig', `${file}: more than ${MAX_TOKENS} lines`);
  return credentials;
}

function parseLine(line: string, at: string): Credential {
  const parts = /^([^,"]+),([^,"]+)(?:,([^,"]*))?(?:,(?:"([^"]*)"|([^,"]*)))?$/.exec(line);
  const [, token = '', name = '', uid = '', quoted, bare] = parts ?? [];
  if (parts === null || token.length < MIN_TOKEN_CHARACTERS) {
    throw new FoghornError(
      'InvalidConfig',
      `${at}: not token,user,uid,"group,group" with a token of at least ${MIN_TOKEN_CHARACTERS} characters`,
    );
  }
  const groups = (quoted ?? bare ?? '').split(',').map((group) => group.trim());
  const user = { name, ...(uid === '' ? {} : { uid }), groups: groups.filter((group) => group !== '') };
  return { token, user: authenticated(user) };
}

/** Finds who sends an `Authorization` header: a user, nobody in particular, or `invalid`. */
export function createAuthenticator(
  credentials: readonly Credential[],
): (authorization: string | undefined) => User | 'invalid' {
  const known = credentials.map(({ token, user }) => ({ digest: digestOf(token), user }));
  return (authorization) => {
    if (authorization === undefined) return anonymous;
    const token = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > MAX_TOKEN_CHARACTERS) return 'invalid';
    const digest = digestOf(token);
    // every one is compared, so that the time tells nothing
    const found = known.filter((entry) => timingSafeEqual(entry.digest, digest));
    return found[0]?.user ?? 'invalid';
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
