/** Views that have an address. `missing` is any address that names none. */
export const viewNames = ['overview', 'container', 'policies', 'alerts', 'load-tests', 'mails', 'sign-in'] as const;
export type ViewName = (typeof viewNames)[number];

/** What a view gets: the parts of the address after its name, and the query, both decoded. */
export interface ViewParams {
  /** `#/policies/default%2Fweb/edit` has `['default/web', 'edit']`. */
  readonly path: readonly string[];
  /** `?range=1h&metric=cpu`; the last of several of one name. */
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Properties of each view component. `views/<name>/<name>-view.tsx` exports one, loaded when it is first shown:
 * ContainerView, PoliciesView, AlertsView, LoadTestsView, MailsView. It starts with one `<h1>`.
 */
export interface ViewProps {
  readonly params: ViewParams;
}

export interface Route {
  readonly view: ViewName | 'missing';
  readonly params: ViewParams;
}

/** Reads `#/container/local%2Fweb?range=1h`. `search` is the query before the hash: mails link to `?target=ID`. */
export function parseRoute(hash: string, search = ''): Route {
  const target = new URLSearchParams(search).get('target');
  const address = hash.replace(/^#/, '');
  if (target !== null && (address === '' || address === '/')) {
    return { view: 'container', params: { path: [target], query: {} } };
  }
  const [pathText, queryText] = splitOnce(address, '?');
  const [name = '', ...path] = pathText
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const query = Object.fromEntries(new URLSearchParams(queryText));
  if (name === '') return { view: 'overview', params: { path, query } };
  const view = viewNames.find((known) => known === name);
  return { view: view ?? 'missing', params: { path: view === undefined ? [name, ...path] : path, query } };
}

/** The address of a view, for `href`. Undefined and empty query values are left out. */
export function href(
  view: ViewName,
  path: readonly string[] = [],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const name = view === 'overview' ? [] : [view];
  const known = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value]],
  );
  const queryText = new URLSearchParams(known).toString();
  return `#/${[...name, ...path.map(encodeURIComponent)].join('/')}${queryText === '' ? '' : `?${queryText}`}`;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A broken escape stays as it is: it names nothing, and the view says so. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
