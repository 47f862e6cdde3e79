import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { createKubeletCalls, type KubeletAccess } from '../collect/kubelet/calls.ts';
import { createKubelets, type Kubelets } from '../collect/kubelet/kubelet.ts';
import { createMetricsApi } from '../collect/kubelet/metrics-api.ts';
import {
  createKubeletRuntime,
  type ClusterListener,
  type ClusterObjects,
  type KubeletRuntimeDeps,
} from '../collect/kubelet/runtime.ts';
import { sharedLimits } from '../collect/kubelet/node-look.ts';
import { decodeNode, type NodeFacts } from '../collect/kubelet/decode/node.ts';
import type { Runtime } from '../collect/runtime.ts';
import type { ClusterConfig } from '../config.ts';
import { FoghornError } from '../errors.ts';
import { trimNode, trimPod } from '../collect/kubelet/decode/trim.ts';
import type { KubeObject, ObjectMeta, Resource } from '../kube/client.ts';
import { createClusterClient, type ClusterClient } from '../kube/cluster.ts';
import { loadAccess } from '../kube/cluster-access.ts';
import { createInformer, type Informer } from '../kube/informer.ts';
import type { Log } from '../log.ts';
import type { Instruments } from '../model/instruments.ts';

interface RuntimeDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly instruments?: Pick<Instruments, 'called' | 'informer'> | undefined;
  /** What happened since is news at the first look; absent: nothing is. */
  readonly watchedUntil?: number | undefined;
  /** Shares the kubelets among replicas; absent: all are asked from here. */
  readonly share?: ((own: Kubelets) => Kubelets) | undefined;
}

const core = { group: '', version: 'v1' } as const;
const pods: Resource = { ...core, plural: 'pods', kind: 'Pod', namespaced: true };
const nodes: Resource = { ...core, plural: 'nodes', kind: 'Node', namespaced: false };

/** The runtime of a cluster. Loads a large SDK: import this file only where a cluster is wanted. */
export function createClusterRuntime(config: ClusterConfig, deps: RuntimeDeps): Runtime {
  const { clock, log } = deps;
  const { kubeconfig, namespace, isKubeletUnverified } = config;
  if (isKubeletUnverified) {
    log.warn('KUBELET_INSECURE_TLS: kubelets are not verified, whoever sits between can read the token');
  }
  const client = createClusterClient({ ...deps, kubeconfig, namespace, trim: trimmed });
  return createKubeletRuntime({
    cluster: config.name,
    objects: createClusterObjects(client, deps),
    ...shared(createOwnKubelets(config, client, clock), deps.share),
    watchedUntil: deps.watchedUntil,
    clock,
    log,
  });
}

/** What others ask for us need not wait for a turn here: they take turns themselves. */
function shared(own: Kubelets, share: RuntimeDeps['share']): Pick<KubeletRuntimeDeps, 'kubelets' | 'limits'> {
  return share === undefined ? { kubelets: own } : { kubelets: share(own), limits: sharedLimits };
}

function createOwnKubelets(config: ClusterConfig, client: ClusterClient, clock: Clock): Kubelets {
  return createKubelets({
    calls: createKubeletCalls(createKubeletAccess(config, clock), clock),
    metricsApi: createMetricsApi({ list: client.podMetrics, clock }),
    sources: config.nodeSources,
    clock,
  });
}

/** The nodes of a cluster without its pods: for a replica that only asks their kubelets. */
export interface NodeReader {
  readonly kubelets: Kubelets;
  find(node: string): NodeFacts | undefined;
  start(): void;
  stop(): Promise<void>;
}

export function createNodeReader(config: ClusterConfig, deps: RuntimeDeps): NodeReader {
  const { kubeconfig, namespace } = config;
  const client = createClusterClient({ ...deps, kubeconfig, namespace, trim: trimmed });
  const informer = createInformer({ ...deps, client, resource: nodes, onChange: () => undefined });
  const kubelets = createOwnKubelets(config, client, deps.clock);
  return {
    kubelets,
    find: (node) => decodeNode(informer.get('', node)),
    start: informer.start,
    async stop() {
      await Promise.all([informer.stop(), kubelets.close()]);
      await client.close();
    },
  };
}

/** Pods and nodes of a cluster, followed by list and watch. */
function createClusterObjects(client: ClusterClient, deps: RuntimeDeps): ClusterObjects {
  let listener: ClusterListener | undefined;
  const podInformer: Informer = createInformer({
    ...deps,
    client,
    resource: pods,
    onChange: (key, object) => listener?.pod(object, !isKnown(podInformer, key)),
  });
  const nodeInformer: Informer = createInformer({
    ...deps,
    client,
    resource: nodes,
    onChange: (key, object) => listener?.node(object, !isKnown(nodeInformer, key)),
  });
  return {
    start(wanted) {
      listener = wanted;
      podInformer.start();
      nodeInformer.start();
    },
    async stop() {
      await client.close();
      await Promise.all([podInformer.stop(), nodeInformer.stop()]);
    },
    hasSynced: () => podInformer.hasSynced() && (nodeInformer.hasSynced() || nodeInformer.isRefused()),
    areNodesHidden: () => !nodeInformer.hasSynced() && nodeInformer.isRefused(),
    pods: podInformer.list,
    nodes: nodeInformer.list,
  };
}

/** What is never read takes most of the memory: it goes as objects arrive. */
function trimmed(resource: Resource, { apiVersion, kind, metadata, spec, status }: KubeObject): KubeObject {
  const trim = resource === pods ? trimPod : trimNode;
  return { apiVersion, kind, metadata: trimMetadata(metadata), ...trim({ spec, status }) };
}

function trimMetadata({
  name,
  namespace,
  uid,
  resourceVersion,
  labels,
  ownerReferences,
  ...rest
}: ObjectMeta): ObjectMeta {
  const { creationTimestamp, deletionTimestamp } = rest;
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(labels !== undefined && { labels }),
    ...(ownerReferences !== undefined && { ownerReferences }),
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  };
}

function isKnown(informer: Informer, key: string): boolean {
  const [namespace = '', name = ''] = key.split('/');
  return informer.get(namespace, name) !== undefined;
}

/** Calls kubelets as the API server is called: they take the token of a service account, and no client certificate of a user. */
function createKubeletAccess(
  { kubeconfig, kubeletAuthorityFile, isKubeletUnverified }: ClusterConfig,
  clock: Clock,
): KubeletAccess {
  const access = loadAccess(kubeconfig);
  const authorityFile = nowAndThen(clock, () => readFile(kubeletAuthorityFile ?? '', 'utf8'));
  return {
    insecure: isKubeletUnverified,
    async token() {
      const { headers } = await access.current();
      const [, token] = /^Bearer (.+)$/.exec(headers['authorization'] ?? headers['Authorization'] ?? '') ?? [];
      if (token !== undefined) return token;
      throw new FoghornError('InvalidConfig', `kubeconfig ${kubeconfig} has no token: kubelets take no other proof`);
    },
    async authorities() {
      if (kubeletAuthorityFile !== undefined) return authorityFile();
      const { ca } = (await access.current()).tls;
      return typeof ca === 'string' || Buffer.isBuffer(ca) ? String(ca) : undefined;
    },
  };
}

/** Authorities change within days, and thousands of calls in a round ask for them. */
const REREAD_MS = 5000;

/** Reads again what is older than {@link REREAD_MS}; what could not be read is read again by the next. */
function nowAndThen(clock: Clock, read: () => Promise<string>): () => Promise<string> {
  let last: { readonly at: number; readonly text: string } | undefined;
  return async () => {
    const now = clock.now();
    if (last !== undefined && Math.abs(now - last.at) < REREAD_MS) return last.text;
    last = { at: now, text: await read() };
    return last.text;
  };
}
