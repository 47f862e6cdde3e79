/** A light API server: lists by page, watches with bookmarks, objects of any kind without a check. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Kinds } from '../../controller/src/apiserver/kinds.ts';
import { applyDefaults } from '../../controller/src/apiserver/schema/prune.ts';
import { object, text } from '../../controller/src/collect/json.ts';
import { createObjects, parsePath, type ApiPath, type StoredObject } from './objects.ts';
import { nodeObject, podJson, type Size } from './payloads.ts';

export interface ApiServer {
  readonly listener: RequestListener;
  readonly traffic: Traffic;
  /** One container somewhere has been restarted. */
  restart(pod: number): void;
  /** A node says that it is well, as it does every five minutes. */
  report(node: number): void;
  close(): void;
}

/** Answers given since the start. */
export interface Traffic {
  requests: number;
  bytes: number;
}

const BOOKMARK_EVERY_MS = 30_000;
const MAX_HISTORY = 1000;

export interface ApiServerOptions extends Size {
  readonly kubeletPort: number;
  /** Of the CRDs: for their defaults. */
  readonly kinds: Kinds;
}

export function createApiServer({ nodes, pods, kubeletPort, kinds }: ApiServerOptions): ApiServer {
  const traffic: Traffic = { requests: 0, bytes: 0 };
  const watchers = new Map<string, Set<ServerResponse>>();
  /** What a watch that begins between a list and now has missed. */
  const history = new Map<string, { readonly version: number; readonly line: string }[]>();
  const restarts = new Uint32Array(pods);
  const versions = new Float64Array(pods).fill(1);
  let version = 1;
  const schemas = new Map(kinds.all.map(({ resource, schema }) => [`${resource.group}/${resource.plural}`, schema]));
  const complete = (collection: string, written: StoredObject): StoredObject => {
    const schema = schemas.get(collection);
    return schema === undefined ? written : { ...object(applyDefaults(written, schema)), metadata: written.metadata };
  };
  const objects = createObjects(() => (version += 1), complete);
  const pod = (index: number): string => podJson(index, versions[index] ?? 1, restarts[index] ?? 0);
  const node = (index: number): string => JSON.stringify(nodeObject(index, kubeletPort, version));
  const generated: Readonly<Record<string, { readonly count: number; json(index: number): string }>> = {
    'core/pods': { count: pods, json: pod },
    'core/nodes': { count: nodes, json: node },
  };

  function send(response: ServerResponse, status: number, body: string): void {
    traffic.requests += 1;
    traffic.bytes += Buffer.byteLength(body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  function tell(collection: string, type: string, json: string): void {
    const line = `{"type":"${type}","object":${json}}\n`;
    const past = history.get(collection) ?? [];
    history.set(collection, past);
    if (past.push({ version, line }) > MAX_HISTORY) past.shift();
    for (const watcher of watchers.get(collection) ?? []) {
      traffic.bytes += Buffer.byteLength(line);
      watcher.write(line);
    }
  }

  function watch({ collection }: ApiPath, since: number, response: ServerResponse): void {
    traffic.requests += 1;
    const known = watchers.get(collection) ?? new Set();
    watchers.set(collection, known.add(response));
    response.on('close', () => known.delete(response));
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    for (const past of history.get(collection) ?? []) if (past.version > since) response.write(past.line);
  }

  function listPage(path: ApiPath, query: URLSearchParams): string {
    const source = generated[path.collection];
    const metadata = { resourceVersion: String(version) };
    if (source === undefined) {
      const items = objects
        .list(path)
        .filter((one) => isWithin(path, one) && isSelected(query.get('labelSelector'), one));
      return JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items });
    }
    const from = Number(query.get('continue') ?? 0);
    const to = Math.min(source.count, from + Number(query.get('limit') ?? source.count));
    const items = Array.from({ length: to - from }, (_, index) => source.json(from + index));
    const next = to < source.count ? { ...metadata, continue: String(to) } : metadata;
    return `{"kind":"List","apiVersion":"v1","metadata":${JSON.stringify(next)},"items":[${items.join(',')}]}`;
  }

  function write(path: ApiPath, body: StoredObject, response: ServerResponse): void {
    const { name: given, generateName } = body.metadata;
    const name = path.name || text(given) || `${text(generateName)}${version}`;
    const isNew = objects.get({ ...path, name }) === undefined;
    if (!isNew && path.name === '') return refuse(response, 409, 'AlreadyExists');
    const stored = objects.put({ ...path, name }, body);
    if (stored === undefined) return refuse(response, 409, 'Conflict');
    const json = JSON.stringify(stored);
    send(response, isNew ? 201 : 200, json);
    tell(path.collection, isNew ? 'ADDED' : 'MODIFIED', json);
  }

  function refuse(response: ServerResponse, code: number, reason: string): void {
    send(response, code, JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code }));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://api');
    const path = parsePath(url.pathname);
    if (path === undefined) return refuse(response, 404, 'NotFound');
    if (request.method === 'GET') {
      if (url.searchParams.get('watch') === 'true') {
        return watch(path, Number(url.searchParams.get('resourceVersion')), response);
      }
      if (path.name === '') return send(response, 200, listPage(path, url.searchParams));
      const found = objects.get(path);
      return found === undefined ? refuse(response, 404, 'NotFound') : send(response, 200, JSON.stringify(found));
    }
    if (request.method === 'DELETE') {
      const gone = objects.delete(path);
      if (gone === undefined) return refuse(response, 404, 'NotFound');
      send(response, 200, JSON.stringify(gone));
      return tell(path.collection, 'DELETED', JSON.stringify(gone));
    }
    const body = JSON.parse(await textOf(request));
    const present = request.method === 'PATCH' ? objects.get(path) : undefined;
    const metadata = { ...present?.metadata, ...body.metadata };
    return write(path, { ...present, ...body, metadata }, response);
  }

  const bookmarks = setInterval(() => {
    for (const collection of watchers.keys()) tell(collection, 'BOOKMARK', bookmark(version));
  }, BOOKMARK_EVERY_MS);
  return {
    listener: (request, response) => {
      answer(request, response).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    },
    traffic,
    restart(index) {
      restarts[index] = (restarts[index] ?? 0) + 1;
      versions[index] = version += 1;
      tell('core/pods', 'MODIFIED', pod(index));
    },
    report(index) {
      version += 1;
      tell('core/nodes', 'MODIFIED', node(index));
    },
    close: () => clearInterval(bookmarks),
  };
}

function isWithin({ namespace }: ApiPath, { metadata }: StoredObject): boolean {
  return namespace === '' || namespace === metadata['namespace'];
}

/** Selectors of the kind `a=b,c=d`. */
function isSelected(selector: string | null, { metadata }: StoredObject): boolean {
  const labels = object(metadata['labels']);
  return (selector ?? '').split(',').every((part) => {
    const [key = '', value] = part.split('=');
    return key === '' || labels[key] === value;
  });
}

function bookmark(version: number): string {
  return JSON.stringify({ kind: 'Object', apiVersion: 'v1', metadata: { resourceVersion: String(version) } });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
