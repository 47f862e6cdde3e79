/** Where requests go, what they are, and how connections are made. */
import { readAuthorization } from './authorization.ts';
import { parseEndpoints } from './endpoint-list.ts';
import type { Endpoint } from './endpoint.ts';
import { createFileReader, REFUSE_FILES } from './files.ts';
import { parseHeaders } from './header.ts';
import { InputError } from './input-error.ts';
import { compileRequest, type RequestSource } from './request-source.ts';
import { createTemplateSources } from './template-sources.ts';
import { readTls, type TlsOptions } from './tls-options.ts';

export const TARGET_FLAGS = {
  url: { type: 'string' },
  endpoint: { type: 'string', multiple: true },
  header: { type: 'string', multiple: true },
  body: { type: 'string' },
  'basic-auth-env': { type: 'string' },
  'bearer-env': { type: 'string' },
  insecure: { type: 'boolean' },
  cacert: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  servername: { type: 'string' },
  untrusted: { type: 'boolean' },
} as const;

type Flag = keyof typeof TARGET_FLAGS;
type Lists = 'endpoint' | 'header';
type Switches = 'insecure' | 'untrusted';

export type TargetFlags = Readonly<
  { [Name in Exclude<Flag, Lists | Switches>]?: string | undefined } & { [Name in Lists]?: string[] | undefined } & {
    [Name in Switches]?: boolean | undefined;
  }
>;

export interface TargetOptions {
  readonly url: URL;
  readonly endpoints: readonly Endpoint[];
  /** In the order of the endpoints. */
  readonly requests: readonly RequestSource[];
  /** undefined for http. */
  readonly tls: TlsOptions | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws InputError */
export function parseTarget(flags: TargetFlags, env: Environment, seed: number | undefined): TargetOptions {
  const isUntrusted = flags.untrusted === true;
  const readFile = isUntrusted ? REFUSE_FILES : createFileReader();
  const url = parseUrl(flags.url, env);
  const headers = parseHeaders(flags.header ?? []);
  const endpoints = parseEndpoints(flags.endpoint, flags.body, readFile);
  const authorization = readAuthorization(
    { basicAuthEnv: flags['basic-auth-env'], bearerEnv: flags['bearer-env'] },
    env,
  );
  const given = [headers, ...endpoints.map((endpoint) => endpoint.headers ?? {})];
  if (authorization !== undefined && given.some((each) => Object.hasOwn(each, 'authorization'))) {
    throw new InputError('give one of --basic-auth-env, --bearer-env and a header authorization');
  }
  const { cacert, cert, key, servername } = flags;
  const basePath = url.pathname.replace(/\/$/, '');
  const sources = createTemplateSources({ env: isUntrusted ? undefined : env, readFile, seed });
  return {
    url,
    endpoints,
    requests: endpoints.map((endpoint) => compileRequest(endpoint, { basePath, headers, authorization, sources })),
    tls: readTls({ isInsecure: flags.insecure === true, cacert, cert, key, servername }, url, readFile),
  };
}

function parseUrl(flag: string | undefined, env: Environment): URL {
  const what = flag === undefined ? 'TARGET_URL' : '--url';
  const text = flag ?? env['TARGET_URL']?.trim() ?? '';
  if (text === '') throw new InputError('no target: give --url http://host:port or set TARGET_URL');
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(`${what} ${JSON.stringify(text)} is not an address: write http://host:port or https://host`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new InputError(
      `${what}: only scheme, host, port and path; a password goes into --basic-auth-env, a query into --endpoint`,
    );
  }
  return url;
}
