import type { KindDefinition } from '../kind.ts';
import { failure, jsonAnswer, pageNotFound, statusAnswer, textAnswer, type Answer } from './answer.ts';
import type { DispatchDeps, RawRequest } from './context.ts';
import { createDiscovery, discoveryPaths, servedKind, servedReview } from './discovery.ts';
import { isTrue } from './list-options.ts';
import { notAcceptable } from './negotiate.ts';
import { createOpenApi, type OpenApi } from './openapi.ts';
import { answerOpenApiV2 } from './openapi-v2.ts';
import { reviews } from './reviews.ts';
import { versionInfo } from './version.ts';

/** What is served besides objects: discovery, documents of the schemas, version, health. */
export interface Paths {
  readonly discovery: ReturnType<typeof createDiscovery>;
  readonly openApi: OpenApi;
  readonly root: unknown;
  readonly version: unknown;
  /** Of this software. */
  readonly release: string;
}

export function createPaths(kinds: readonly KindDefinition[], version: string): Paths {
  const served = [...kinds.map(servedKind), ...reviews.map(servedReview)];
  return {
    discovery: createDiscovery(served),
    openApi: createOpenApi(kinds, version),
    root: { paths: discoveryPaths(served) },
    version: versionInfo(version),
    release: version,
  };
}

/** Answers a path that names no resource. */
export function answerPath(deps: Pick<DispatchDeps, 'isReady'>, paths: Paths, request: RawRequest, url: URL): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return statusAnswer(
      failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
    );
  }
  const path = url.pathname;
  if (path === '/') return jsonAnswer(200, paths.root);
  if (path === '/version' || path === '/version/') return jsonAnswer(200, paths.version);
  const probe = /^\/(healthz|livez|readyz)$/.exec(path)?.[1];
  if (probe !== undefined) return answerProbe(deps, probe, isTrue(url.searchParams, 'verbose'));
  if (path === '/openapi/v2') return answerOpenApiV2(paths.release, request.headers.accept);
  if (path.startsWith('/openapi/v3')) return answerOpenApi(paths.openApi, request, url);
  return answerDiscovery(paths, request, path);
}

function answerDiscovery({ discovery }: Paths, request: RawRequest, path: string): Answer {
  const found = discovery(path, request.headers.accept);
  if (found === undefined) return pageNotFound;
  if (found === 'not acceptable')
    throw notAcceptable(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  const headers = found.etag === undefined ? { vary: 'Accept' } : { vary: 'Accept', etag: found.etag };
  if (found.etag !== undefined && request.headers['if-none-match'] === found.etag) return notModified(headers);
  return { ...jsonAnswer(200, found.body, headers), contentType: found.contentType };
}

function answerProbe({ isReady }: Pick<DispatchDeps, 'isReady'>, probe: string, isVerbose: boolean): Answer {
  const isFine = probe !== 'readyz' || isReady();
  const checks = `[+]ping ok\n${probe === 'readyz' ? `[${isFine ? '+' : '-'}]declarations ${isFine ? 'ok' : 'failed'}\n` : ''}`;
  const verdict = `${probe} check ${isFine ? 'passed' : 'failed'}\n`;
  if (!isFine) return textAnswer(500, `${checks}${verdict}`);
  return textAnswer(200, isVerbose ? `${checks}${verdict}` : 'ok');
}

function answerOpenApi(openApi: OpenApi, request: RawRequest, url: URL): Answer {
  const path = url.pathname.slice('/openapi/v3'.length).replace(/^\//, '');
  if (path === '') return { ...jsonAnswer(200, openApi.index()), contentType: 'text/plain; charset=utf-8' };
  const document = openApi.document(path);
  if (document === undefined) return pageNotFound;
  const etag = `"${document.hash}"`;
  const headers = { etag, vary: 'Accept' };
  const asked = url.searchParams.get('hash');
  if (asked !== null && asked !== document.hash) {
    const location = `${url.pathname}?hash=${document.hash}`;
    return { status: 301, contentType: 'application/json', body: '', headers: { ...headers, location } };
  }
  if (request.headers['if-none-match'] === etag) return notModified(headers);
  const lasting = asked === null ? {} : { 'cache-control': 'public, immutable' };
  return { status: 200, contentType: 'application/json', body: document.body, headers: { ...headers, ...lasting } };
}

function notModified(headers: Answer['headers']): Answer {
  return { status: 304, contentType: '', body: '', headers };
}
