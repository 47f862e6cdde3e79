import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { createKubeletCalls, type KubeletAccess } from '../collect/kubelet/calls.ts';
import { createKubelets } from '../collect/kubelet/kubelet.ts';
import { createMetricsApi } from '../collect/kubelet/metrics-api.ts';
import { createKubeletRuntime, type ClusterListener, type ClusterObjects } from '../collect/kubelet/runtime.ts';
import type { Runtime } from '../collect/runtime.ts';
import type { ClusterConfig } from '../config.ts';
import { FoghornError } from '../errors.ts';
import type { Resource } from '../kube/client.ts';
import { createClusterClient, type ClusterClient } from '../kube/cluster.ts';
import { loadAccess } from '../kube/cluster-access.ts';
import { createInformer, type Informer } from '../kube/informer.ts';
import type { Log } from '../log.ts';

interface RuntimeDeps {
  readonly clock: Clock;
  readonly log: Log;
}

const core = { group: '', version: 'v1' } as const;
const pods: Resource = { ...core, plural: 'pods', kind: 'Pod', namespaced: true };
const nodes: Resource = { ...core, plural: 'nodes', kind: 'Node', namespaced: false };

/** The runtime of a cluster. Loads a large SDK: import this file only where a cluster is wanted. */
export function createClusterRuntime(config: ClusterConfig, { clock, log }: RuntimeDeps): Runtime {
  const client = createClusterClient({ kubeconfig: config.kubeconfig, namespace: config.namespace, clock, log });
  return createKubeletRuntime({
    cluster: config.name,
    objects: createClusterObjects(client, { clock, log }),
    kubelets: createKubelets({
      calls: createKubeletCalls(createKubeletAccess(config), clock),
      metricsApi: createMetricsApi({ list: client.podMetrics, clock }),
      sources: config.nodeSources,
      clock,
    }),
    clock,
    log,
  });
}

/** Pods and nodes of a cluster, followed by list and watch. */
function createClusterObjects(client: ClusterClient, { clock, log }: RuntimeDeps): ClusterObjects {
  let listener: ClusterListener | undefined;
  const podInformer: Informer = createInformer({
    client,
    clock,
    log,
    resource: pods,
    onChange: (key, object) => listener?.pod(object, !isKnown(podInformer, key)),
  });
  const nodeInformer = createInformer({ client, clock, log, resource: nodes, onChange: () => listener?.node() });
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
    hasSynced: () => podInformer.hasSynced() && nodeInformer.hasSynced(),
    pods: podInformer.list,
    nodes: nodeInformer.list,
  };
}

function isKnown(informer: Informer, key: string): boolean {
  const [namespace = '', name = ''] = key.split('/');
  return informer.get(namespace, name) !== undefined;
}

/** Calls kubelets as the API server is called: they take the token of a service account, and no client certificate of a user. */
function createKubeletAccess({ kubeconfig, kubeletAuthorityFile, isKubeletUnverified }: ClusterConfig): KubeletAccess {
  const access = loadAccess(kubeconfig);
  return {
    insecure: isKubeletUnverified,
    async token() {
      const { headers } = await access.current();
      const [, token] = /^Bearer (.+)$/.exec(headers['authorization'] ?? headers['Authorization'] ?? '') ?? [];
      if (token !== undefined) return token;
      throw new FoghornError('InvalidConfig', `kubeconfig ${kubeconfig} has no token: kubelets take no other proof`);
    },
    async authorities() {
      if (kubeletAuthorityFile !== undefined) return readFile(kubeletAuthorityFile, 'utf8');
      const { ca } = (await access.current()).tls;
      return typeof ca === 'string' || Buffer.isBuffer(ca) ? String(ca) : undefined;
    },
  };
}
