import type { LoadEndpoint, LoadTest } from '../model/load-test.ts';

/** Digits of a divided rate: the sum over 100 generators is right to a request in a day. */
const RATE_DIGITS = 6;

/** Arguments of the generator `index` of a test, but for the address: its share of rate and connections. */
export function commandLine(test: LoadTest, index: number): readonly string[] {
  const { parallelism, concurrency } = test;
  const share = Math.floor(concurrency / parallelism) + (index < concurrency % parallelism ? 1 : 0);
  return [
    '--json',
    // Whoever may declare a test must not read files and variables of the machine that runs it.
    '--untrusted',
    ['--timeout', `${test.timeoutMs}ms`],
    ['--concurrency', String(Math.max(1, share))],
    parallelism === 1 ? [] : ['--seq-first', String(index + 1), '--seq-step', String(parallelism)],
    ...test.stages.map(({ durationMs, rate, shape }) => [
      '--stage',
      `${durationMs}ms:${Number((rate / parallelism).toFixed(RATE_DIGITS))}:${shape}`,
    ]),
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
