/**
 * Pods, nodes and kubelet summaries of a cluster of any size, made of recorded ones: their shape and their size on the
 * wire are those of a real API server (with `managedFields` and volumes) and of a real kubelet (indented, as it answers).
 */
import { readFileSync } from 'node:fs';
import { isObject, list, object, text } from '../../controller/src/collect/json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Of each node: one agent of a DaemonSet, and pods of one and of two containers in turn. */
const PODS_PER_NODE = 67;
export const CONTAINERS_PER_NODE = 100;
const REPLICAS = 10;
const NAMESPACES = 50;
/** One certificate is good for all names under it. */
export const DOMAIN = 'bench.test';
const STARTED_AT = '2026-11-22T16:52:33Z';

const folder = new URL('../../controller/src/collect/kubelet/fixtures/', import.meta.url);
const recorded = (file: string): Fields => object(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
const recordedPods = list(recorded('pods.json')['items'], 100).map(object);
const recordedSummary = recorded('summary-018.json');

export interface Size {
  readonly nodes: number;
  readonly pods: number;
}

export function sizeOf(containers: number): Size {
  const nodes = Math.max(1, Math.round(containers / CONTAINERS_PER_NODE));
  return { nodes, pods: nodes * PODS_PER_NODE };
}

export function nodeName(node: number): string {
  return `n${String(node).padStart(4, '0')}.${DOMAIN}`;
}

/** Each on a loopback address of its own. */
export function nodeAddress(node: number): string {
  return `127.1.${Math.floor(node / 250)}.${(node % 250) + 1}`;
}

/** The node that was asked under an address. */
export function nodeOfAddress(address: string): number {
  const [, , third = '0', fourth = '1'] = address.replace('::ffff:', '').split('.');
  return Number(third) * 250 + Number(fourth) - 1;
}

export function nodeObject(node: number, kubeletPort: number, resourceVersion: number): object {
  const template = object(list(recorded('nodes.json')['items'], 10)[0]);
  const metadata = { ...object(template['metadata']), name: nodeName(node), uid: uid(1, node) };
  return {
    ...template,
    metadata: { ...metadata, resourceVersion: String(resourceVersion), managedFields: managedFields(template) },
    status: {
      ...object(template['status']),
      capacity: { cpu: '64', memory: '256Gi', pods: '110' },
      addresses: [{ type: 'InternalIP', address: nodeAddress(node) }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    },
  };
}

type PodKind = 'agent' | 'single' | 'duo';

interface PodIdentity {
  readonly kind: PodKind;
  readonly node: number;
  readonly name: string;
  readonly namespace: string;
  readonly owner: { readonly kind: string; readonly name: string };
  readonly hash: string;
}

/** The pod of a number, counted node by node. */
export function podIdentity(pod: number): PodIdentity {
  const node = Math.floor(pod / PODS_PER_NODE);
  const place = pod % PODS_PER_NODE;
  const unique = pod.toString(36).padStart(5, '0');
  if (place === 0) {
    const owner = { kind: 'DaemonSet', name: 'node-agent' };
    return { kind: 'agent', node, name: `node-agent-${unique}`, namespace: 'ns-0', owner, hash: '' };
  }
  const kind = place % 2 === 0 ? 'single' : 'duo';
  const ofItsKind = node * Math.floor(PODS_PER_NODE / 2) + Math.floor((place - 1) / 2);
  const deployment = Math.floor(ofItsKind / REPLICAS);
  const hash = deployment.toString(16).padStart(9, '0');
  const owner = { kind: 'ReplicaSet', name: `${kind}-${deployment}-${hash}` };
  return { kind, node, name: `${owner.name}-${unique}`, namespace: `ns-${deployment % NAMESPACES}`, owner, hash };
}

const templates: Readonly<Record<PodKind, Fields>> = {
  agent: withSystemFields(podLike('node-agent-')),
  single: withSystemFields(podLike('web-')),
  duo: withSystemFields(podLike('duo')),
};

function podLike(prefix: string): Fields {
  const found = recordedPods.find((pod) => text(object(pod['metadata'])['name']).startsWith(prefix));
  if (found === undefined) throw new Error(`no recorded pod ${prefix}`);
  return found;
}

/** A pod as the API server sends it, JSON. `restarts` of its first container. */
export function podJson(pod: number, resourceVersion: number, restarts: number): string {
  const { kind, node, name, namespace, owner, hash } = podIdentity(pod);
  const template = templates[kind];
  const status = object(template['status']);
  const statuses = list(status['containerStatuses'], 10).map(object);
  return JSON.stringify({
    ...template,
    metadata: {
      ...object(template['metadata']),
      name,
      namespace,
      uid: uid(2, pod),
      resourceVersion: String(resourceVersion),
      labels: { app: owner.name, ...(hash === '' ? {} : { 'pod-template-hash': hash }) },
      ownerReferences: [{ apiVersion: 'apps/v1', ...owner, uid: uid(3, pod), controller: true }],
    },
    spec: { ...object(template['spec']), hostNetwork: kind === 'agent', nodeName: nodeName(node) },
    status: {
      ...status,
      containerStatuses: statuses.map((one, index) => (index === 0 ? { ...one, restartCount: restarts } : one)),
    },
  });
}

/** What was cut out of the recorded pods: who manages which field, the token's volume, the usual tolerations. */
function withSystemFields(pod: Fields): Fields {
  const volume = 'kube-api-access-x7k2m';
  const toleration = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
  const spec = {
    ...object(pod['spec']),
    tolerations: ['not-ready', 'unreachable'].map((key) => ({ key: `node.kubernetes.io/${key}`, ...toleration })),
    volumes: [
      {
        name: volume,
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
          defaultMode: 420,
        },
      },
    ],
  };
  const whole = { ...pod, spec };
  return { ...whole, metadata: { ...object(pod['metadata']), managedFields: managedFields(whole) } };
}

function managedFields(of: Fields): readonly object[] {
  const entry = (manager: string, part: string, subresource: object): object => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: STARTED_AT,
    fieldsType: 'FieldsV1',
    fieldsV1: { [`f:${part}`]: fieldsOf(of[part]) },
    ...subresource,
  });
  return [entry('kube-controller-manager', 'spec', {}), entry('kubelet', 'status', { subresource: 'status' })];
}

function fieldsOf(value: unknown): object {
  if (Array.isArray(value)) {
    return Object.fromEntries(value.map((one) => [`k:${JSON.stringify(object(one)['name'] ?? '')}`, fieldsOf(one)]));
  }
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [`f:${key}`, fieldsOf(part)]));
}

function uid(kind: number, number: number): string {
  return `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

const PLACES = { name: '"@name@"', namespace: '"@namespace@"', time: '"@time@"', cpu: '"@cpu@"', memory: '"@memory@"' };
const RECEIVED = '"@received@"';
const ANY_PLACE = /("@[a-z]+@")/;

/** The text of one pod's part of a summary, cut at the places that differ. */
const summaryTexts: Readonly<Record<PodKind, readonly string[]>> = {
  agent: summaryText('node-agent-'),
  single: summaryText('web-'),
  duo: summaryText('duo'),
};

function summaryText(prefix: string): readonly string[] {
  const pod = list(recordedSummary['pods'], 100)
    .map(object)
    .find((one) => text(object(one['podRef'])['name']).startsWith(prefix));
  if (pod === undefined) throw new Error(`no recorded summary of ${prefix}`);
  const containers = list(pod['containers'], 10).map((container) => {
    const cpu = { ...object(object(container)['cpu']), time: '@time@', usageCoreNanoSeconds: '@cpu@' };
    const memory = { ...object(object(container)['memory']), time: '@time@', workingSetBytes: '@memory@' };
    return { ...object(container), cpu, memory };
  });
  const podRef = { ...object(pod['podRef']), name: '@name@', namespace: '@namespace@' };
  const network = { ...object(pod['network']), rxBytes: '@received@' };
  return JSON.stringify({ ...pod, podRef, containers, network }, undefined, 1).split(ANY_PLACE);
}

/** Kubelets sample every 10 to 15 s: a poll in between gets the last sample again. */
const SAMPLE_EVERY_MS = 10_000;
/** A fiftieth of a core, and 1 kB/s. */
const CPU_NS_PER_MS = 20_000;

/** What a node's kubelet answers to `GET /stats/summary`. */
export function summaryJson(node: number, now: number): string {
  const sampledAt = Math.floor(now / SAMPLE_EVERY_MS) * SAMPLE_EVERY_MS;
  const usedMs = sampledAt % 1e10;
  const values: Record<string, string> = {
    [PLACES.time]: JSON.stringify(new Date(sampledAt).toISOString()),
    [PLACES.cpu]: String(usedMs * CPU_NS_PER_MS),
    [PLACES.memory]: String(20_000_000 + (usedMs % 1_000_000)),
    [RECEIVED]: String(usedMs),
  };
  const first = node * PODS_PER_NODE;
  const pods = Array.from({ length: PODS_PER_NODE }, (_, place) => {
    const { kind, name, namespace } = podIdentity(first + place);
    values[PLACES.name] = `"${name}"`;
    values[PLACES.namespace] = `"${namespace}"`;
    return summaryTexts[kind].map((piece) => values[piece] ?? piece).join('');
  });
  return `{\n "node": ${JSON.stringify(recordedSummary['node'], undefined, 1)},\n "pods": [\n${pods.join(',\n')}\n]\n}`;
}
