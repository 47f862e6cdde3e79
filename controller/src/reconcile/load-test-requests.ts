import { parseDuration } from '../model/duration.ts';
import type { LoadTestSpec } from '../model/resources.generated.ts';

/** What is wrong with a spec. */
export interface SpecFault {
  /** `spec.stages[1].rate`. */
  readonly field: string;
  readonly message: string;
}

const MIN_TIMEOUT_MS = 10;
const MAX_TIMEOUT_MS = 60_000;
/** An endpoint is one argument of the generator: Linux takes 128 KiB for one, and 2 MiB for all with the environment. */
const MAX_ENDPOINT_BYTES = 120_000;
const MAX_ENDPOINTS_BYTES = 1_000_000;
/** They belong to the generator's connections. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'expect',
]);
/** Placeholders that the generator knows, but for those that would read its machine. */
const PLACEHOLDERS: readonly string[] = ['seq', 'uuid', 'randomInt', 'now'];
const PLACEHOLDERS_IN_WORDS = '{{seq}}, {{uuid}}, {{randomInt MIN MAX}} and {{now}}; \\{{ stands for two braces';

export function targetFault(spec: LoadTestSpec): SpecFault | undefined {
  const { target } = spec;
  const url = URL.parse(target.url);
  if (url === null) return { field: 'spec.target.url', message: 'is no address' };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    const message = 'has scheme, host, port and path only: a password goes into basicAuthEnv, a query into endpoints';
    return { field: 'spec.target.url', message };
  }
  const timeoutMs = parseDuration(target.timeout) ?? 0;
  if (timeoutMs < MIN_TIMEOUT_MS || timeoutMs > MAX_TIMEOUT_MS) {
    return {
      field: 'spec.target.timeout',
      message: 'is from 10ms to 1m: the generator measures no shorter and no longer',
    };
  }
  if (target.tls !== undefined && url.protocol !== 'https:') {
    return { field: 'spec.target.tls', message: 'goes with an https address' };
  }
  return authorizationFault(spec) ?? headersFault('spec.target.headers', target.headers);
}

function authorizationFault({ target, endpoints }: LoadTestSpec): SpecFault | undefined {
  if (target.basicAuthEnv === undefined && target.bearerEnv === undefined) return undefined;
  const given = [target.headers, ...endpoints.map(({ headers }) => headers)];
  const names = given.flatMap((headers) => Object.keys(headers ?? {}));
  if (!names.some((name) => /^authorization$/i.test(name))) return undefined;
  return { field: 'spec.target', message: 'has one of basicAuthEnv, bearerEnv and a header Authorization' };
}

export function endpointFault({ endpoints }: LoadTestSpec): SpecFault | undefined {
  let bytes = 0;
  for (const [index, endpoint] of endpoints.entries()) {
    const size = Buffer.byteLength(JSON.stringify(endpoint));
    bytes += size;
    const fault = oneEndpointFault(`spec.endpoints[${index}]`, endpoint, size);
    if (fault !== undefined) return fault;
  }
  if (bytes <= MAX_ENDPOINTS_BYTES) return undefined;
  return { field: 'spec.endpoints', message: `have ${bytes} bytes as JSON, at most ${MAX_ENDPOINTS_BYTES}` };
}

type Endpoint = LoadTestSpec['endpoints'][number];

function oneEndpointFault(field: string, endpoint: Endpoint, bytes: number): SpecFault | undefined {
  const { method, path, headers, body } = endpoint;
  const literal = path.replaceAll(/\{\{[^{}]*\}\}/g, '');
  if (!/^\/[!-~]*$/.test(literal)) {
    return { field: `${field}.path`, message: 'has printable ASCII without spaces: encode the rest (%20)' };
  }
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    return { field: `${field}.body`, message: `does not go with ${method}` };
  }
  if (bytes > MAX_ENDPOINT_BYTES) {
    return { field, message: `has ${bytes} bytes as JSON, at most ${MAX_ENDPOINT_BYTES}` };
  }
  return (
    placeholderFault(`${field}.path`, path) ??
    placeholderFault(`${field}.body`, body ?? '') ??
    headersFault(`${field}.headers`, headers)
  );
}

function headersFault(field: string, headers: Readonly<Record<string, string>> = {}): SpecFault | undefined {
  for (const [name, value] of Object.entries(headers)) {
    if (RESERVED_HEADERS.has(name.toLowerCase()))
      return { field: `${field}.${name}`, message: 'belongs to the connection and cannot be set' };
    if (!/^[\t\x20-\x7e]*$/.test(value))
      return { field: `${field}.${name}`, message: 'is one line of printable ASCII' };
    const fault = placeholderFault(`${field}.${name}`, value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The generator has the last word; this catches what is certainly wrong while the author is looking. */
function placeholderFault(field: string, text: string): SpecFault | undefined {
  for (const [found, name = ''] of text.matchAll(/(?<!\\)\{\{\s*([^\s{}]*)/g)) {
    if (PLACEHOLDERS.includes(name)) continue;
    return { field, message: `has no placeholder ${found}}}: there are ${PLACEHOLDERS_IN_WORDS}` };
  }
  return undefined;
}
