import { createHash } from 'node:crypto';
import { systemClock } from '../../controller/src/clock.ts';
import type { KubeObject } from '../../controller/src/kube/client.ts';
import { createInformer } from '../../controller/src/kube/informer.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { deployments, NODE, pods, type SimulatedCluster } from './simulated-cluster.ts';

interface DeploymentSpec {
  readonly replicas: number;
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
  };
}

/** Brings pods to what Deployments say, and takes the old ones away: as far as the tests need it, and at once. */
export function startSimulatedDeployments({ client, use }: SimulatedCluster): { stop(): Promise<void> } {
  let work = Promise.resolve();
  const informer = createInformer({
    client,
    resource: deployments,
    clock: systemClock,
    log: createSilentLog(),
    onChange(key, deployment) {
      work = work.then(() => reconcile(deployment, informer.get(...placeOf(key)) !== undefined));
    },
  });

  async function reconcile({ metadata, spec }: KubeObject, isThere: boolean): Promise<void> {
    const { name, namespace = '' } = metadata;
    const { replicas, template } = spec as DeploymentSpec;
    const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 10);
    const wanted = Array.from({ length: isThere ? replicas : 0 }, (_unused, index) => `${name}-${hash}-${index}`);
    const present = (await client.list(pods, { namespace })).items
      .map((pod) => pod.metadata.name)
      .filter((pod) => pod.startsWith(`${name}-`));
    for (const pod of wanted.filter((one) => !present.includes(one))) {
      const [container] = template.spec.containers;
      const since = systemClock.now();
      use(pod, { namespace, container: container?.name ?? '', cores: 0.01, memoryBytes: 1024 * 1024, since });
      await client.create(pods, runningPod({ name: pod, namespace, owner: `${name}-${hash}`, hash }, template));
    }
    for (const pod of present.filter((one) => !wanted.includes(one))) {
      use(pod, undefined);
      await client.delete(pods, namespace, pod);
    }
  }

  informer.start();
  return {
    async stop() {
      await informer.stop();
      await work;
    },
  };
}

function runningPod(
  { name, namespace, owner, hash }: Readonly<Record<'name' | 'namespace' | 'owner' | 'hash', string>>,
  { metadata, spec }: DeploymentSpec['template'],
): KubeObject {
  const startedAt = new Date().toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...metadata.labels, 'pod-template-hash': hash },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }],
    },
    spec: { ...spec, nodeName: NODE, restartPolicy: 'Always' },
    status: {
      phase: 'Running',
      containerStatuses: spec.containers.map(({ name: container, image }) => ({
        name: container,
        image,
        imageID: image,
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt } },
      })),
    },
  };
}

function placeOf(key: string): [string, string] {
  const [namespace = '', name = ''] = key.split('/');
  return [namespace, name];
}
