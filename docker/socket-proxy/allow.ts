/** What the controller asks of the Engine API, and nothing else: all of it only reads. */
const API_VERSION = String.raw`(?:/v1\.\d{1,3})?`;
const CONTAINER = '[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}';
const QUERY = String.raw`(?:\?[\x21-\x7e]{0,4096})?`;

const ALLOWED: readonly { readonly methods: readonly string[]; readonly path: string }[] = [
  { methods: ['GET', 'HEAD'], path: '/_ping' },
  { methods: ['GET'], path: '/version' },
  { methods: ['GET'], path: '/info' },
  { methods: ['GET'], path: '/events' },
  { methods: ['GET'], path: '/containers/json' },
  { methods: ['GET'], path: `/containers/${CONTAINER}/(?:json|stats|logs)` },
];

const rules = ALLOWED.map(({ methods, path }) => ({ methods, target: new RegExp(`^${API_VERSION}${path}${QUERY}$`) }));

/**
 * Whether a request may pass.
 * @param method HTTP method
 * @param target request target as it stands in the request line; anything encoded or relative in its path is refused
 */
export function isAllowed(method: string, target: string): boolean {
  return rules.some((rule) => rule.methods.includes(method) && rule.target.test(target));
}
