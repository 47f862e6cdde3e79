import type { KubeObject } from '../kube/client.ts';
import { badRequest } from '../kube/status.ts';
import type { ListPage, ListPageOptions, Selection } from './operations.ts';
import { isRecord } from './json.ts';
import type { KindDefinition } from './kind.ts';
import { parseFieldSelector, parseLabelSelector, type ObjectFilter } from './selector.ts';
import type { Store } from './store.ts';

/** Objects read from the store at a time while a selector is looking for its page. */
const SCAN_OBJECTS = 500;

/** Where a list goes on: its version, the last object given, and how many were. */
interface Token {
  readonly rv: number;
  readonly namespace: string;
  readonly name: string;
  readonly seen: number;
}

/** Throws BadRequest for a selector that cannot be read. */
export function filterOf(kind: KindDefinition, selection: Selection): ObjectFilter {
  const byLabel = parseLabelSelector(selection.labelSelector);
  const byField = parseFieldSelector(selection.fieldSelector, kind.selectableFields);
  const { namespace } = selection;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) && byLabel(object) && byField(object);
}

/** Objects in order of namespace and name. Throws Gone when the list was begun too long ago to be gone on with. */
export function listPage(store: Store, kind: KindDefinition, options: ListPageOptions): ListPage {
  const token = options.continue === undefined ? undefined : parseToken(options.continue);
  const version = token?.rv ?? store.resourceVersion();
  // the version that a list was begun at is what a watch goes on from, so it must still be known
  if (token !== undefined) store.changesAfter(version, kind.resource, 1);
  const found = scan(store, kind, options, token);
  const items = options.limit === undefined || options.limit === 0 ? [...found] : [...found.take(options.limit)];
  const page: ListPage = { resourceVersion: String(version), items };
  const last = items.length === options.limit ? items.at(-1) : undefined;
  if (last === undefined || scan(store, kind, options, placeOf(last)).next().done === true) return page;
  const seen = (token?.seen ?? 0) + items.length;
  return { ...page, ...continuation(store, kind, options, { rv: version, seen, ...placeOf(last) }) };
}

function continuation(
  store: Store,
  kind: KindDefinition,
  options: ListPageOptions,
  next: Token,
): Pick<ListPage, 'continue' | 'remainingItemCount'> {
  const isWhole = options.labelSelector === undefined && options.fieldSelector === undefined;
  const remaining = store.count(kind.resource, options.namespace) - next.seen;
  return {
    continue: Buffer.from(JSON.stringify(next)).toString('base64url'),
    ...(isWhole ? { remainingItemCount: Math.max(1, remaining) } : {}),
  };
}

function* scan(
  store: Store,
  kind: KindDefinition,
  selection: Selection,
  start: { readonly namespace: string; readonly name: string } | undefined,
): Generator<KubeObject> {
  const matches = filterOf(kind, selection);
  let after = start;
  for (;;) {
    const batch = store.list(kind.resource, { namespace: selection.namespace, after, limit: SCAN_OBJECTS });
    yield* batch.filter(matches);
    const last = batch.at(-1);
    if (last === undefined || batch.length < SCAN_OBJECTS) return;
    after = placeOf(last);
  }
}

function placeOf({ metadata }: KubeObject): { readonly namespace: string; readonly name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}

function parseToken(text: string): Token {
  const at = base64FaultAt(text);
  if (at !== undefined) {
    throw badRequest(`invalid continue token: continue key is not valid: illegal base64 data at input byte ${at}`);
  }
  const token = parseJson(Buffer.from(text, 'base64url').toString('utf8'));
  if (!isRecord(token)) throw badRequest('invalid continue token: continue key is not valid');
  const { rv, namespace, name, seen } = token;
  if (
    Number.isSafeInteger(rv) &&
    Number.isSafeInteger(seen) &&
    typeof namespace === 'string' &&
    typeof name === 'string'
  ) {
    return { rv: Number(rv), seen: Number(seen), namespace, name };
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

/** Where a text stops to be base64 without padding; undefined when it does not. */
function base64FaultAt(text: string): number | undefined {
  const at = text.search(/[^A-Za-z0-9_-]/);
  if (at >= 0) return at;
  return text.length % 4 === 1 ? text.length - 1 : undefined;
}

/** Undefined for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
