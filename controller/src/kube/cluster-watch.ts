import type { Clock } from '../clock.ts';
import { FoghornError, errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import { createBackoff } from './backoff.ts';
import type { ListOptions, Resource, WatchEvent } from './client.ts';
import { decodeEvent } from './cluster-decode.ts';
import { faultOfEvent } from './cluster-faults.ts';
import { splitLines } from './cluster-lines.ts';
import { collectionPath, selectionQuery } from './cluster-paths.ts';
import type { Transport } from './cluster-transport.ts';

export interface WatchDependencies {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
}

export type WatchRequest = ListOptions & { readonly resourceVersion: string; readonly signal: AbortSignal };

/** The server ends a watch after this, at random, so that many do not come back together. */
const MIN_WATCH_SECONDS = 300;
const MAX_WATCH_SECONDS = 600;
/** A bookmark comes about once a minute; nothing for so long means that the connection is dead. */
const MIN_SILENCE_MS = 90_000;
const MAX_SILENCE_MS = 120_000;
/** Of one event: objects are bounded at 1.5 MiB by default, and a server may be set to several times that. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/**
 * Events from a version on, over as many connections as it takes: one that ends, breaks or goes silent is followed by
 * another from the last version seen. What the server refuses is thrown.
 */
export async function* watchCluster(
  deps: WatchDependencies,
  resource: Resource,
  request: WatchRequest,
): AsyncGenerator<WatchEvent, void> {
  const { clock, random } = deps;
  const { signal } = request;
  const backoff = createBackoff();
  let { resourceVersion } = request;
  while (!signal.aborted) {
    for await (const event of watchOnce(deps, resource, { ...request, resourceVersion })) {
      resourceVersion = versionOf(event) ?? resourceVersion;
      yield event;
      if (signal.aborted) return;
    }
    await clock.sleep(backoff.next(clock.now(), random()), signal).catch(() => undefined);
  }
}

/** One connection. Returns when it is over, by whatever cause but a fault that the server tells of. */
async function* watchOnce(
  deps: WatchDependencies,
  resource: Resource,
  request: WatchRequest,
): AsyncGenerator<WatchEvent, void> {
  const over = new AbortController();
  const ended = AbortSignal.any([request.signal, over.signal]);
  const silence = watchSilence(deps, ended, () => over.abort());
  try {
    const chunks = await open(deps, resource, request, ended);
    for await (const line of splitLines(silence.hearing(chunks), MAX_EVENT_BYTES)) {
      const event = decodeEvent(resource, line);
      if (event.type === 'ERROR') throw faultOfEvent(event.object);
      yield event;
    }
  } catch (thrown) {
    if (request.signal.aborted) return;
    if (thrown instanceof FoghornError) throw thrown;
    deps.log.debug({ kind: resource.kind }, `a watch broke off, and is taken up again: ${errorMessage(thrown)}`);
  } finally {
    over.abort();
    await silence.ended;
  }
}

function open(
  { transport, random }: WatchDependencies,
  resource: Resource,
  request: WatchRequest,
  ended: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const query = {
    ...selectionQuery(request),
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(Math.round(between(MIN_WATCH_SECONDS, MAX_WATCH_SECONDS, random()))),
    resourceVersion: request.resourceVersion,
  };
  return transport.open({ method: 'GET', path: collectionPath(resource, request.namespace), query }, ended);
}

/** Calls back when nothing was heard for a while. */
function watchSilence({ clock, random }: WatchDependencies, signal: AbortSignal, silent: () => void) {
  const limitMs = between(MIN_SILENCE_MS, MAX_SILENCE_MS, random());
  let heardAt = clock.now();
  const run = async (): Promise<void> => {
    for (let leftMs = limitMs; leftMs > 0; leftMs = heardAt + limitMs - clock.now()) await clock.sleep(leftMs, signal);
    silent();
  };
  return {
    /** Resolves when the signal aborts, or after the callback. */
    ended: run().catch(() => undefined),
    async *hearing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
      for await (const chunk of chunks) {
        heardAt = clock.now();
        yield chunk;
      }
    },
  };
}

function versionOf(event: WatchEvent): string | undefined {
  return event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion;
}

function between(low: number, high: number, random: number): number {
  return low + (high - low) * random;
}
