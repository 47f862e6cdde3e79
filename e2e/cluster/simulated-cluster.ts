import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdmission } from '../../controller/src/apiserver/admission.ts';
import { createApi } from '../../controller/src/apiserver/api.ts';
import { createApiServer } from '../../controller/src/apiserver/http/server.ts';
import type { PodLogs } from '../../controller/src/apiserver/docker-view/pod-logs.ts';
import type { KindDefinition } from '../../controller/src/apiserver/kind.ts';
import { createKinds, loadKinds } from '../../controller/src/apiserver/kinds.ts';
import { serveNewEvents } from '../../controller/src/apiserver/new-events.ts';
import { publish } from '../../controller/src/apiserver/publish.ts';
import { parseSchema } from '../../controller/src/apiserver/schema/structural.ts';
import { openStore } from '../../controller/src/apiserver/store.ts';
import { systemClock } from '../../controller/src/clock.ts';
import { kubeletListener, type KubeletMood } from '../../controller/src/collect/kubelet/simulated-faults.ts';
import { startSimulatedKubelet } from '../../controller/src/collect/kubelet/simulated-kubelet.ts';
import type { KubeObject, Resource } from '../../controller/src/kube/client.ts';
import { createClusterClient, type ClusterClient } from '../../controller/src/kube/cluster.ts';
import { leases } from '../../controller/src/kube/lease/lease.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { validators } from '../../controller/src/reconcile/validators.ts';
import { metricsOf, summaryOf, type PodUsage } from './summary.ts';

/** An API server with nodes and pods that do what the test says, and a kubelet that answers for them. */
export interface SimulatedCluster {
  readonly kubeconfig: string;
  readonly kubeletAuthorityFile: string;
  readonly client: ClusterClient;
  makeNamespace(name: string): Promise<void>;
  /** Makes or changes a pod on the node. */
  putPod(pod: KubeObject): Promise<void>;
  removePod(name: string): Promise<void>;
  /** What the containers of a pod use from now on; they are known to the kubelet while they do. */
  use(pod: string, usage: PodUsage | undefined): void;
  /** How the kubelet answers from now on. */
  kubelet(mood: KubeletMood): void;
  /** Requests that the API server and the kubelet got, as `verb resource`. */
  readonly requests: ReadonlySet<string>;
  close(): Promise<void>;
}

export const NODE = 'node-1';
export const NAMESPACE = 'default';
const clock = systemClock;

const freeForm = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export const pods: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const nodes: Resource = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };
export const namespaces: Resource = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};
const batch = { group: 'batch', version: 'v1' } as const;
export const jobs: Resource = { ...batch, plural: 'jobs', kind: 'Job', namespaced: true };
export const deployments: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
};
export const services: Resource = { group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true };
const builtinKinds = [pods, nodes, jobs, deployments, services, leases].map((resource): KindDefinition => ({
  resource,
  schema: parseSchema({ type: 'object', properties: { spec: freeForm, status: freeForm } }, resource.kind),
  hasStatus: false,
  countsGenerations: false,
  requiresResourceVersion: false,
  selectableFields: [],
  names: { singular: resource.kind.toLowerCase(), list: `${resource.kind}List`, short: [], categories: [] },
  columns: [],
  ...(resource === pods ? { subresources: ['log'] } : {}),
}));

/** @param podLogs what pods have written; absent: no logs are served */
export async function startSimulatedCluster(podLogs?: PodLogs): Promise<SimulatedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-simulated-cluster-'));
  const crds = await loadKinds(join(import.meta.dirname, '../../crds'));
  const kinds = createKinds([...crds.all, ...builtinKinds]);
  const store = openStore({ file: join(folder, 'objects.db'), clock });
  const api = createApi({ store, kinds, clock, admission: createAdmission({ kinds, validators }) });
  const stopPublishing = publish({ api, store, kinds, fieldManager: 'simulation', clock });
  const kubeconfig = join(folder, 'kubeconfig');
  const url = 'https://127.0.0.1:0';
  const server = await createApiServer(
    { host: '127.0.0.1', port: 0, pkiDir: join(folder, 'pki'), kubeconfigFile: kubeconfig, url, version: 'test' },
    { ...serveNewEvents({ api, kinds }), clock, log: createSilentLog(), isReady: () => true, podLogs },
  );
  const { port } = await server.start();
  writeFileSync(kubeconfig, readFileSync(kubeconfig, 'utf8').replace(url, `https://127.0.0.1:${port}`));

  const usage = new Map<string, PodUsage>();
  const requests = new Set<string>();
  let mood: KubeletMood = 'well';
  const readings = {
    summary: (now: number) => JSON.stringify(summaryOf(NAMESPACE, usage, now)),
    metrics: (now: number) => metricsOf(NAMESPACE, usage, now),
  };
  const answer = kubeletListener(readings, { mood: () => mood, now: clock.now });
  const kubelet = await startSimulatedKubelet(NODE, (request, response) => {
    requests.add(`${request.method} ${request.url}`);
    answer(request, response);
  });
  const kubeletAuthorityFile = join(folder, 'kubelet-ca.pem');
  writeFileSync(kubeletAuthorityFile, kubelet.authority);
  const client = createClusterClient({ kubeconfig, clock, log: createSilentLog() });
  await client.create(nodes, nodeObject(kubelet.port));
  return {
    kubeconfig,
    kubeletAuthorityFile,
    client,
    requests,
    async makeNamespace(name) {
      await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    },
    async putPod(pod) {
      const present = await client.get(pods, pod.metadata.namespace ?? NAMESPACE, pod.metadata.name);
      if (present === undefined) await client.create(pods, pod);
      else await client.update(pods, { ...pod, metadata: { ...present.metadata, ...pod.metadata } });
    },
    async removePod(name) {
      await client.delete(pods, NAMESPACE, name);
    },
    use(pod, used) {
      if (used === undefined) usage.delete(pod);
      else usage.set(pod, used);
    },
    kubelet(next) {
      mood = next;
    },
    async close() {
      await client.close();
      await kubelet.close();
      await server.stop();
      stopPublishing();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function nodeObject(port: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: NODE },
    spec: {},
    status: {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      capacity: { cpu: '2', memory: '4Gi' },
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
      nodeInfo: { kubeletVersion: 'v1.36.2' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }],
    },
  };
}
