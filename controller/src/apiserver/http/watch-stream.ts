import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { KubeObject, WatchEvent } from '../../kube/client.ts';
import { StatusError } from '../../kube/status.ts';
import type { KindDefinition } from '../kind.ts';
import type { HandlerDeps, KindRequest } from './context.ts';
import { parseListQuery, parseVersion } from './list-options.ts';
import { negotiate, notAcceptable, type Form } from './negotiate.ts';
import { includeOf, selectionOf } from './read.ts';
import { partialOf, tableOf, type IncludeObject } from './table.ts';

/** Watches end after half an hour to an hour, as those of an API server, so that clients spread over time. */
const MIN_TIMEOUT_SECONDS = 1800;
/** Longest that a client may ask for. */
const MAX_TIMEOUT_SECONDS = 86_400;
/** How long a client may take nothing before it is cut off. */
const SLOW_CLIENT_MS = 30_000;
/** Written at a time to one client, so that a slow one holds no more than this of a large object. */
const SLICE_BYTES = 64 * 1024;

/** A watch that was found in order, and is ready to be written. */
export interface WatchStream {
  readonly contentType: string;
  /** Writes until the watch ends, the client goes or is too slow, or the signal aborts. Never rejects. */
  run(response: ServerResponse, stopped: AbortSignal): Promise<void>;
}

/** Throws a StatusError for a watch that cannot be begun. */
export function prepareWatch(deps: HandlerDeps, request: KindRequest): WatchStream {
  const { kind } = request;
  const form = negotiate(request.headers.accept);
  if (form.encoding !== 'json') throw notAcceptable(['application/json']);
  const query = parseListQuery(request.query);
  const since = parseVersion(query.resourceVersion, '');
  const isFromStart = since === undefined || since === 0 || query.sendInitialEvents === true;
  const skipsInitial = isFromStart && query.sendInitialEvents === false;
  const version = skipsInitial ? deps.api.resourceVersion(kind.resource) : since;
  const encode = createEncoder(deps, kind, { form, include: includeOf(request.query) });
  const begin = (signal: AbortSignal): AsyncIterable<WatchEvent> =>
    deps.api.watch(kind.resource, {
      ...selectionOf(request, query),
      ...(isFromStart && !skipsInitial ? {} : { resourceVersion: String(version) }),
      markInitialEnd: query.sendInitialEvents === true && query.bookmarks,
      bookmarks: query.bookmarks,
      signal,
    });
  // selectors that cannot be read are refused before anything is written
  begin(AbortSignal.abort());
  const seconds = Math.min(MAX_TIMEOUT_SECONDS, query.timeoutSeconds ?? 0);
  const timeoutMs = (seconds > 0 ? seconds : MIN_TIMEOUT_SECONDS * (1 + Math.random())) * 1000;
  return {
    contentType: 'application/json',
    run: (response, stopped) => stream(deps.clock, { begin, encode, timeoutMs }, response, stopped),
  };
}

interface Streaming {
  readonly begin: (signal: AbortSignal) => AsyncIterable<WatchEvent>;
  readonly encode: (event: WatchEvent) => Buffer;
  readonly timeoutMs: number;
}

async function stream(
  clock: Clock,
  { begin, encode, timeoutMs }: Streaming,
  response: ServerResponse,
  stopped: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, stopped]);
  const end = (): void => ended.abort();
  // the request itself is closed as soon as it has been read
  response.once('close', end);
  const timeout = clock.sleep(timeoutMs, signal).then(end, () => undefined);
  try {
    for await (const event of begin(signal)) {
      if (!(await write(clock, response, encode(event), signal))) break;
    }
  } catch (thrown) {
    await write(clock, response, encodeFault(thrown), signal);
  } finally {
    response.off('close', end);
    end();
    await timeout;
    response.end();
  }
}

/** False when the client is gone or took nothing for too long. */
async function write(clock: Clock, response: ServerResponse, line: Buffer, signal: AbortSignal): Promise<boolean> {
  for (let at = 0; at < line.length; at += SLICE_BYTES) {
    if (response.destroyed || signal.aborted) return false;
    if (response.write(line.subarray(at, at + SLICE_BYTES))) continue;
    if (!(await drained(clock, response, signal))) {
      response.destroy();
      return false;
    }
  }
  return true;
}

async function drained(clock: Clock, response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  const waiting = new AbortController();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onDrain = (): void => resolve(true);
  response.once('drain', onDrain);
  const late = clock.sleep(SLOW_CLIENT_MS, AbortSignal.any([signal, waiting.signal])).then(
    () => resolve(false),
    () => resolve(false),
  );
  const hasDrained = await promise;
  response.off('drain', onDrain);
  waiting.abort();
  await late;
  return hasDrained;
}

/** The lines of plain objects, made once for all that watch the same change. */
const plainLines = new WeakMap<KubeObject, Map<string, Buffer>>();

function createEncoder(
  { clock }: HandlerDeps,
  kind: KindDefinition,
  { form, include }: { readonly form: Form; readonly include: IncludeObject },
): (event: WatchEvent) => Buffer {
  let isFirst = true;
  return (event) => {
    if (event.type === 'BOOKMARK') return lineOf(event.type, bookmarkOf(kind, event, form));
    if (form.as === undefined) return plainLine(event.type, event.object);
    const shown = shownAs(kind, event.object, { form, include, nowMs: clock.now(), isFirst });
    isFirst = false;
    return lineOf(event.type, shown);
  };
}

function lineOf(type: string, object: unknown): Buffer {
  return Buffer.from(`${JSON.stringify({ type, object })}\n`);
}

function plainLine(type: string, object: KubeObject): Buffer {
  const lines = plainLines.get(object) ?? new Map<string, Buffer>();
  const line = lines.get(type) ?? lineOf(type, object);
  plainLines.set(object, lines.set(type, line));
  return line;
}

function shownAs(
  kind: KindDefinition,
  object: KubeObject,
  how: { readonly form: Form; readonly include: IncludeObject; readonly nowMs: number; readonly isFirst: boolean },
): unknown {
  const { form, include, nowMs, isFirst } = how;
  if (form.as !== 'Table') return partialOf(object, form.metaVersion);
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  return tableOf(kind, [object], { metadata, metaVersion: form.metaVersion, include, nowMs, withColumns: isFirst });
}

/** A bookmark is an object of the kind with a version and nothing else. */
function bookmarkOf({ resource }: KindDefinition, event: WatchEvent & { type: 'BOOKMARK' }, form: Form): unknown {
  const { group, version, kind } = resource;
  const annotations = event.endsInitialEvents === true ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { ...annotations, resourceVersion: event.resourceVersion };
  if (form.as === undefined) return { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata };
  const apiVersion = `meta.k8s.io/${form.metaVersion}`;
  if (form.as !== 'Table') return { apiVersion, kind: 'PartialObjectMetadata', metadata };
  const object = { apiVersion, kind: 'PartialObjectMetadata', metadata };
  return { apiVersion, kind: 'Table', metadata, columnDefinitions: null, rows: [{ cells: [], object }] };
}

function encodeFault(thrown: unknown): Buffer {
  const status =
    thrown instanceof StatusError
      ? thrown.status
      : { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'InternalError', code: 500 };
  return lineOf('ERROR', status);
}
