/** What a request asks, before anybody knows whether it is served. */
export type RequestInfo = ResourceRequest | PathRequest;

export interface ResourceRequest {
  readonly kind: 'resource';
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Everything else: discovery, health, documents. */
export interface PathRequest {
  readonly kind: 'path';
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  /** A method that no resource knows. */
  | '';

/** Parts of `namespaces/NAME/…` that are subresources of the namespace itself and not kinds inside it. */
const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

/** Reads method and path as the RequestInfo of an API server does. The path is decoded; undefined when it cannot be. */
export function parseRequest(method: string, path: string, isWatch: boolean): RequestInfo | undefined {
  const parts = decodeParts(path);
  if (parts === undefined) return undefined;
  const other: PathRequest = { kind: 'path', verb: method.toLowerCase(), path };
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return other;
  const rest = parts.slice(isCore ? 2 : 3);
  if (rest.length === 0) return other;
  const place = placeOf(rest);
  return {
    kind: 'resource',
    verb: verbOf(method, place.name, isWatch),
    group: isCore ? '' : (parts[1] ?? ''),
    version: parts[isCore ? 1 : 2] ?? '',
    ...place,
  };
}

type Place = Pick<ResourceRequest, 'namespace' | 'plural' | 'name' | 'subresource'>;

function placeOf(rest: readonly string[]): Place {
  const [first = '', second, third] = rest;
  const isInside = first === 'namespaces' && second !== undefined && third !== undefined;
  if (isInside && !namespaceSubresources.has(third)) {
    return { namespace: second, plural: third, name: rest[3], subresource: subresourceOf(rest, 4) };
  }
  return { namespace: undefined, plural: first, name: second, subresource: subresourceOf(rest, 2) };
}

function subresourceOf(rest: readonly string[], from: number): string | undefined {
  return rest.length > from ? rest.slice(from).join('/') : undefined;
}

function verbOf(method: string, name: string | undefined, isWatch: boolean): Verb {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (name !== undefined) return 'get';
      return isWatch ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return '';
  }
}

function decodeParts(path: string): readonly string[] | undefined {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
