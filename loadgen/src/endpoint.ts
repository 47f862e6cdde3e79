/** What is requested, and the seedable choice among several. */
import { InputError } from './input-error.ts';

export interface Endpoint {
  readonly method: string;
  /** Path and query, starting with a slash. */
  readonly path: string;
  /** Share of the requests, relative to the other endpoints. */
  readonly weight: number;
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Each endpoint has its own histograms, some 300 kB. */
export const MAX_ENDPOINTS = 50;
const MAX_WEIGHT = 1_000_000;

/** The paths of the sample application, equally often. */
export const DEFAULT_ENDPOINTS: readonly Endpoint[] = ['/', '/health', '/cpu-test', '/memory-test', '/db-test'].map(
  (path) => ({ method: 'GET', path, weight: 1 }),
);

export function endpointName(endpoint: Endpoint): string {
  return `${endpoint.method} ${endpoint.path}`;
}

/**
 * `[METHOD ]path[@weight]`: `/health`, `POST /orders`, `/search?q=a@3`. A last `@` that is not followed by a number belongs to the path.
 * @throws InputError
 */
export function parseEndpoint(text: string): Endpoint {
  const match = /^(?:([A-Za-z]+) +)?(\/[!-~]*?)(?:@(\d+(?:\.\d+)?))?$/.exec(text);
  const [, method = 'GET', path = '', weight = '1'] = match ?? [];
  if (match === null) {
    throw new InputError(
      `--endpoint ${JSON.stringify(text)} is not an endpoint: write [METHOD ]/path[@weight], as "/health" or "POST /orders@3"`,
    );
  }
  if (!METHODS.includes(method.toUpperCase())) {
    throw new InputError(`--endpoint ${JSON.stringify(text)}: the method is one of ${METHODS.join(', ')}`);
  }
  if (!(Number(weight) > 0 && Number(weight) <= MAX_WEIGHT)) {
    throw new InputError(`--endpoint ${JSON.stringify(text)}: the weight is above 0, at most ${MAX_WEIGHT}`);
  }
  return { method: method.toUpperCase(), path, weight: Number(weight) };
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

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, uniform in [0, 1). */
function createRandom(seed: number): () => number {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
