import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Instruments } from '../model/instruments.ts';
import { createBackoff } from './backoff.ts';
import type { KubeObject, ListOptions, Resource, ResourceClient } from './client.ts';
import { stayAwayMs } from './cluster-faults.ts';
import { createStanding } from './informer-standing.ts';
import { createObjectCache } from './object-cache.ts';

/** A cache of the objects of one kind that follows the API. Reads may be a moment behind writes. */
export interface Informer {
  /** Resolves after the first list; rejects never, so wait with a bound. */
  readonly synced: Promise<void>;
  hasSynced(): boolean;
  /** The API server has refused the last list: the right is missing. */
  isRefused(): boolean;
  get(namespace: string, name: string): KubeObject | undefined;
  /** In order of key. */
  list(): readonly KubeObject[];
  start(): void;
  stop(): Promise<void>;
}

export interface InformerDependencies {
  readonly client: ResourceClient;
  readonly resource: Resource;
  readonly clock: Clock;
  readonly log: Log;
  readonly selection?: ListOptions;
  /**
   * Called with `namespace/name` whenever the cached object may have changed; `object` is what it is now, or was last.
   * It must do no more than note the key.
   */
  readonly onChange: (key: string, object: KubeObject) => void;
  /** From 0 to 1, for the jitter of waits. */
  readonly random?: () => number;
  readonly instruments?: Pick<Instruments, 'informer'> | undefined;
}

/** A list is made anew so often, though the watch is well: the safety net under a watch that went silent. */
const RELIST_INTERVAL_MS = 600_000;

export function createInformer(deps: InformerDependencies): Informer {
  const { client, clock, log, resource, random = Math.random } = deps;
  const { kind } = resource;
  const stopping = new AbortController();
  const backoff = createBackoff();
  const synced = Promise.withResolvers<void>();
  const standing = createStanding({ kind, log, instruments: deps.instruments });
  let loop: Promise<void> | undefined;
  const cache = createObjectCache((key, object) => {
    try {
      deps.onChange(key, object);
    } catch (thrown) {
      log.error({ kind, key, err: thrown }, 'informer handler failed');
    }
  });
  /** Never shorter than the server asks for. */
  const pause = (signal: AbortSignal, fault?: unknown): Promise<void> =>
    clock.sleep(Math.max(backoff.next(clock.now(), random()), stayAwayMs(fault)), signal).catch(() => undefined);
  const relist = async (): Promise<void> => {
    const { items, resourceVersion } = await client.list(resource, deps.selection);
    standing.listed(resourceVersion, cache.replace(items, standing.seen()));
    synced.resolve();
  };
  /** Follows changes until the signal aborts; a watch that ends is taken up where it ended. */
  const follow = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const watch = client.watch(resource, { ...deps.selection, resourceVersion: standing.seen(), signal });
      for await (const event of watch) standing.told(cache.apply(event));
      if (!signal.aborted) await pause(signal);
    }
  };
  const round = async (): Promise<void> => {
    const over = new AbortController();
    const signal = AbortSignal.any([stopping.signal, over.signal]);
    const end = (): void => over.abort();
    clock.sleep(RELIST_INTERVAL_MS, signal).then(end, end);
    try {
      await relist();
      await follow(signal);
    } catch (thrown) {
      if (stopping.signal.aborted) return;
      standing.lost(thrown);
      await pause(stopping.signal, thrown);
    } finally {
      over.abort();
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) await round();
  };
  return {
    synced: synced.promise,
    hasSynced: standing.hasListed,
    isRefused: standing.isRefused,
    get: (namespace, name) => cache.get(`${namespace}/${name}`),
    list: () => cache.list(),
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
