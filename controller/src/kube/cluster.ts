import { isFoghornError } from '../errors.ts';
import type {
  KubeObject,
  ListOptions,
  ObjectList,
  Resource,
  ResourceClient,
  WatchEvent,
  WriteOptions,
} from './client.ts';
import { decodeDeleted, decodeList, decodeObject } from './cluster-decode.ts';
import { collectionPath, namespaceOf, objectPath, selectionQuery } from './cluster-paths.ts';
import { createTransport, type Transport, type TransportOptions } from './cluster-transport.ts';
import { watchCluster } from './cluster-watch.ts';

export interface ClusterClientDependencies extends TransportOptions {
  /** Lists and watches that name no namespace are of this one; absent: of all. */
  readonly namespace?: string | undefined;
  /** What is kept of an object that is listed or watched; absent: all. */
  readonly trim?: Trim | undefined;
  /** From 0 to 1, for the jitter of watches. */
  readonly random?: () => number;
}

export interface ClusterClient extends ResourceClient {
  /** Merges the change into the object (RFC 7386). Undefined when it is not there. */
  patch(resource: Resource, namespace: string, name: string, change: object): Promise<KubeObject | undefined>;
  /** Deletes at once; what it owns is deleted by the cluster afterwards. One that is gone is no fault. */
  deleteInBackground(resource: Resource, namespace: string, name: string): Promise<void>;
  /** The end of what the only container of a pod wrote, both of its streams. Undefined when the pod is not there. */
  podLog(pod: { readonly namespace: string; readonly name: string }, range: LogRange): Promise<string | undefined>;
  /** The PodMetricsList of metrics.k8s.io, undecoded: unlike lists of objects it has no version. Undefined when it is not served. */
  podMetrics(): Promise<unknown>;
  /** Ends calls and watches that are under way; they fail with Unavailable. */
  close(): Promise<void>;
}

/** How much of a log is wanted; past `limitBytes` the API server cuts it off. */
export interface LogRange {
  readonly tailLines: number;
  readonly limitBytes: number;
}

/** Of one page, as client-go asks for. */
const PAGE_SIZE = 500;
/** How often a list begins anew when its pages expire while they are read. */
const MAX_LIST_TRIES = 3;
const pods: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const podMetrics: Resource = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  plural: 'pods',
  kind: 'PodMetrics',
  namespaced: true,
};
/** Owner of the fields that this client writes. */
const FIELD_MANAGER = 'foghorn-controller';

/**
 * The ResourceClient of a Kubernetes cluster. Loads a large SDK: import this file only where a cluster is wanted.
 * Throws InvalidConfig for a kubeconfig that cannot be used.
 */
export function createClusterClient(deps: ClusterClientDependencies): ClusterClient {
  const { clock, log, random = Math.random, trim = whole } = deps;
  const transport = createTransport(deps);
  const within = <Options extends ListOptions>(resource: Resource, options: Options): Options =>
    deps.namespace === undefined || !resource.namespaced ? options : { namespace: deps.namespace, ...options };
  const write = async (method: 'POST' | 'PUT', path: string, written: Written): Promise<KubeObject> => {
    const { resource, object, options } = written;
    return decodeObject(resource, await transport.call({ method, path, query: writeQuery(options), body: object }));
  };
  return {
    get: (resource, namespace, name) =>
      unlessMissing(async () => {
        const path = objectPath(resource, namespace, name);
        return decodeObject(resource, await transport.call({ method: 'GET', path, query: {} }));
      }),
    list: (resource, options = {}) => listAll({ transport, trim }, resource, within(resource, options)),
    watch: (resource, request) =>
      trimEvents(watchCluster({ transport, clock, log, random }, resource, within(resource, request)), (object) =>
        trim(resource, object),
      ),
    create: async (resource, object, options) =>
      write('POST', collectionPath(resource, namespaceOf(resource, object)), { resource, object, options }),
    update: async (resource, object, options) => write('PUT', pathOf(resource, object), { resource, object, options }),
    updateStatus: async (resource, object) =>
      write('PUT', `${pathOf(resource, object)}/status`, { resource, object, options: {} }),
    delete: (resource, namespace, name) =>
      unlessMissing(async () => {
        const path = objectPath(resource, namespace, name);
        const answer = await transport.call({ method: 'DELETE', path, query: {} });
        return decodeDeleted(resource, { namespace, name }, answer);
      }),
    patch: (resource, namespace, name, change) =>
      unlessMissing(async () => {
        const path = objectPath(resource, namespace, name);
        const query = { fieldManager: FIELD_MANAGER };
        return decodeObject(resource, await transport.call({ method: 'PATCH', path, query, body: change }));
      }),
    async deleteInBackground(resource, namespace, name) {
      const path = objectPath(resource, namespace, name);
      const query = { propagationPolicy: 'Background' };
      await unlessMissing(() => transport.call({ method: 'DELETE', path, query }));
    },
    podLog: ({ namespace, name }, { tailLines, limitBytes }) =>
      unlessMissing(() => {
        const path = `${objectPath(pods, namespace, name)}/log`;
        const query = { tailLines: String(tailLines), limitBytes: String(limitBytes) };
        return transport.text({ method: 'GET', path, query }, limitBytes);
      }),
    podMetrics: () =>
      unlessMissing(() =>
        transport.call({ method: 'GET', path: collectionPath(podMetrics, deps.namespace), query: {} }),
      ),
    close: () => transport.close(),
  };
}

/** Gives the parts of an object that are of use. */
export type Trim = (resource: Resource, object: KubeObject) => KubeObject;

function whole(_resource: Resource, object: KubeObject): KubeObject {
  return object;
}

interface ListSource {
  readonly transport: Transport;
  readonly trim: Trim;
}

interface Written {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly options: WriteOptions | undefined;
}

/** Page by page, of one version; Gone on the way means that the version has left the history, and a new one is read. */
async function listAll(from: ListSource, resource: Resource, options: ListOptions): Promise<ObjectList> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listOnce(from, resource, options);
    } catch (thrown) {
      if (!isFoghornError(thrown, 'Gone') || tries === MAX_LIST_TRIES) throw thrown;
    }
  }
}

async function listOnce(
  { transport, trim }: ListSource,
  resource: Resource,
  options: ListOptions,
): Promise<ObjectList> {
  const path = collectionPath(resource, options.namespace);
  const items: KubeObject[] = [];
  let next: string | undefined;
  for (;;) {
    const from = next === undefined ? {} : { continue: next };
    const query = { ...selectionQuery(options), limit: String(PAGE_SIZE), ...from };
    const page = decodeList(resource, await transport.call({ method: 'GET', path, query }));
    for (const item of page.items) items.push(trim(resource, item));
    if (page.continue === undefined) return { resourceVersion: page.resourceVersion, items };
    next = page.continue;
  }
}

async function* trimEvents(
  events: AsyncIterable<WatchEvent>,
  trim: (object: KubeObject) => KubeObject,
): AsyncGenerator<WatchEvent, void> {
  for await (const event of events) yield event.type === 'BOOKMARK' ? event : { ...event, object: trim(event.object) };
}

function writeQuery({ dryRun, fieldValidation }: WriteOptions = {}): Readonly<Record<string, string>> {
  return {
    fieldManager: FIELD_MANAGER,
    fieldValidation: fieldValidation ?? 'Strict',
    ...(dryRun === true ? { dryRun: 'All' } : {}),
  };
}

function pathOf(resource: Resource, object: KubeObject): string {
  return objectPath(resource, namespaceOf(resource, object), object.metadata.name);
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (thrown) {
    if (isFoghornError(thrown, 'NotFound')) return undefined;
    throw thrown;
  }
}
