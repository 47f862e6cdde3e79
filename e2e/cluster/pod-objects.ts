import type { KubeObject } from '../../controller/src/kube/client.ts';
import { NAMESPACE, NODE } from './simulated-cluster.ts';

/** A pod of a Deployment, as its API server would tell of it. */
export interface PodShape {
  readonly name: string;
  readonly namespace?: string;
  readonly image: string;
  readonly hash: string;
  /** Of the Deployment; default `web`. */
  readonly workload?: string;
  readonly startedAt: number;
  readonly restarts?: number;
  /** How the run before ended. */
  readonly lastExitCode?: number;
  /** Why it does not run; absent: it runs. */
  readonly waiting?: string;
}

export function webPod(shape: PodShape): KubeObject {
  const { name, namespace = NAMESPACE, image, hash, workload = 'web', startedAt } = shape;
  const { restarts = 0, lastExitCode, waiting } = shape;
  const at = new Date(startedAt).toISOString();
  const terminated = { exitCode: lastExitCode, reason: 'Error', startedAt: at, finishedAt: at };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { app: 'web', 'pod-template-hash': hash },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${workload}-${hash}`,
          uid: `uid-of-${hash}`,
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: NODE,
      restartPolicy: 'Always',
      containers: [{ name: 'web', image, resources: { limits: { cpu: '500m', memory: '256Mi' } } }],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.7',
      containerStatuses: [
        {
          name: 'web',
          image,
          imageID: image,
          ready: waiting === undefined,
          started: waiting === undefined,
          restartCount: restarts,
          state: waiting === undefined ? { running: { startedAt: at } } : { waiting: { reason: waiting } },
          lastState: lastExitCode === undefined ? {} : { terminated },
        },
      ],
    },
  };
}
