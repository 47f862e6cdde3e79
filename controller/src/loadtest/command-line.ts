import type { LoadEndpoint, LoadTest } from '../model/load-test.ts';

/** Arguments of a test's generators, but for the address and for which of them one is. */
export function commandLine(test: LoadTest): readonly string[] {
  return [
    '--json',
    // Whoever may declare a test must not read files and variables of the machine that runs it.
    '--untrusted',
    ['--timeout', `${test.timeoutMs}ms`],
    ['--concurrency', String(test.concurrency)],
    ...test.stages.map(({ durationMs, rate, shape }) => ['--stage', `${durationMs}ms:${rate}:${shape}`]),
    ...test.endpoints.map((endpoint) => ['--endpoint', endpointArgument(endpoint)]),
    ...Object.entries(test.headers).map(([name, value]) => ['--header', `${name}: ${value}`]),
    authorizationArguments(test),
    tlsArguments(test),
  ].flat();
}

function endpointArgument({ method, path, weight, headers, body }: LoadEndpoint): string {
  if (headers === undefined && body === undefined) return `${method} ${path}@${weight}`;
  return JSON.stringify({ method, path, weight, headers, body });
}

function authorizationArguments({ authorization }: LoadTest): readonly string[] {
  if (authorization === undefined) return [];
  return [authorization.kind === 'basic' ? '--basic-auth-env' : '--bearer-env', authorization.env];
}

function tlsArguments({ tls }: LoadTest): readonly string[] {
  return [
    ...(tls?.insecureSkipVerify === true ? ['--insecure'] : []),
    // A certificate begins with dashes, as an option does.
    ...(tls?.ca === undefined ? [] : [`--cacert=${tls.ca}`]),
    ...(tls?.serverName === undefined ? [] : [`--servername=${tls.serverName}`]),
  ];
}
