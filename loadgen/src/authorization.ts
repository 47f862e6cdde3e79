import { InputError } from './input-error.ts';

export interface AuthorizationFlags {
  /** Names of environment variables: a secret on a command line is in every list of processes. */
  readonly basicAuthEnv: string | undefined;
  readonly bearerEnv: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of the header `authorization` (RFC 7617, RFC 6750); undefined when none is asked for.
 * @throws InputError, which never tells the value
 */
export function readAuthorization(flags: AuthorizationFlags, env: Environment): string | undefined {
  const { basicAuthEnv, bearerEnv } = flags;
  if (basicAuthEnv !== undefined && bearerEnv !== undefined) {
    throw new InputError('give one of --basic-auth-env and --bearer-env');
  }
  if (basicAuthEnv !== undefined) return basic(basicAuthEnv, readVariable('--basic-auth-env', basicAuthEnv, env));
  return bearerEnv === undefined ? undefined : bearer(bearerEnv, readVariable('--bearer-env', bearerEnv, env));
}

/** A secret that was read from a file into the environment often ends with a line break. */
function readVariable(what: string, name: string, env: Environment): string {
  const value = env[name]?.trim() ?? '';
  // Somebody may have given the secret itself in place of a name.
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(name))
    throw new InputError(`${what} takes the name of an environment variable`);
  if (value === '') throw new InputError(`${what}: the environment has no ${name}`);
  return value;
}

function basic(name: string, value: string): string {
  if (!/^[^:]+:/.test(value)) throw new InputError(`--basic-auth-env: ${name} does not hold user:password`);
  return `Basic ${Buffer.from(value).toString('base64')}`;
}

function bearer(name: string, value: string): string {
  if (!/^[!-~]+$/.test(value)) throw new InputError(`--bearer-env: ${name} does not hold a token (printable ASCII)`);
  return `Bearer ${value}`;
}
