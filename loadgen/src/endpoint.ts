/** What is requested, and the seedable choice among several. */
import type { Body } from './body.ts';
import type { Headers } from './header.ts';
import { InputError } from './input-error.ts';
import { createRandom } from './random.ts';

export interface Endpoint {
  readonly method: string;
  /** Path and query, starting with a slash; may have placeholders. */
  readonly path: string;
  /** Share of the requests, relative to the other endpoints. */
  readonly weight: number;
  /** Before those of every request. */
  readonly headers?: Headers;
  readonly body?: Body;
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Each endpoint has its own histograms, some 300 kB. */
export const MAX_ENDPOINTS = 50;
const MAX_WEIGHT = 1_000_000;

/** The paths of the sample application, equally often. */
export const DEFAULT_ENDPOINTS: readonly Endpoint[] = ['/', '/health', '/cpu-test', '/memory-test', '/db-test'].map(
  (path) => ({ method: 'GET', path, weight: 1 }),
);

/** With placeholders as they were given, never with their values. */
export function endpointName(endpoint: Endpoint): string {
  return `${endpoint.method} ${endpoint.path}`;
}

/**
 * `[METHOD ]path[@weight]`: `/health`, `POST /orders`, `/search?q=a@3`. A last `@` that is not followed by a number belongs to the path.
 * @throws InputError
 */
export function parseEndpoint(text: string): Endpoint {
  const [, method = 'GET', target = text] = /^([A-Za-z]+) +(.*)$/s.exec(text) ?? [];
  const [, path = target, weight = '1'] = /^(.*)@(\d+(?:\.\d+)?)$/s.exec(target) ?? [];
  return checkEndpoint(JSON.stringify(text), { method, path, weight: Number(weight) });
}

/** @throws InputError, beginning with `what` */
export function checkEndpoint(what: string, { method, path, weight, ...rest }: Endpoint): Endpoint {
  const fixed = path.replaceAll(/\{\{[^{}]*\}\}/g, '');
  if (!/^\/[!-~]*$/.test(fixed)) {
    throw new InputError(
      `--endpoint ${what} is not an endpoint: write [METHOD ]/path[@weight], as "/health" or "POST /orders@3", the path in printable ASCII (else encoded: %20)`,
    );
  }
  const upper = method.toUpperCase();
  if (!METHODS.includes(upper)) {
    throw new InputError(`--endpoint ${what}: the method is one of ${METHODS.join(', ')}`);
  }
  if (!(weight > 0 && weight <= MAX_WEIGHT)) {
    throw new InputError(`--endpoint ${what}: the weight is above 0, at most ${MAX_WEIGHT}`);
  }
  if (rest.body !== undefined && !takesBody(upper)) throw new InputError(`--endpoint ${what}: ${upper} has no body`);
  return { method: upper, path, weight, ...rest };
}

/** A body of a GET or HEAD means nothing (RFC 9110, 9.3.1), and some servers refuse it. */
function takesBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** @returns a function that gives the index of the next endpoint; the same seed gives the same sequence */
export function createPicker(endpoints: readonly Endpoint[], seed: number): () => number {
  const random = createRandom(seed);
  let sum = 0;
  const bounds = endpoints.map(({ weight }) => (sum += weight));
  return () => {
    const point = random() * sum;
    const index = bounds.findIndex((bound) => point < bound);
    return index === -1 ? endpoints.length - 1 : index;
  };
}
