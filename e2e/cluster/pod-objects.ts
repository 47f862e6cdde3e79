import type { KubeObject } from '../../controller/src/kube/client.ts';
import { NAMESPACE, NODE } from './simulated-cluster.ts';

/** A pod of the Deployment `web`, as its API server would tell of it. */
export interface PodShape {
  readonly name: string;
  readonly namespace?: string;
  readonly image: string;
  readonly hash: string;
  readonly startedAt: number;
  readonly restarts?: number;
  /** How the run before ended. */
  readonly lastExitCode?: number;
}

export function webPod(shape: PodShape): KubeObject {
  const { name, namespace = NAMESPACE, image, hash, startedAt, restarts = 0, lastExitCode } = shape;
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
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${hash}`, uid: `uid-of-${hash}`, controller: true },
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
          ready: true,
          started: true,
          restartCount: restarts,
          state: { running: { startedAt: at } },
          lastState: lastExitCode === undefined ? {} : { terminated },
        },
      ],
    },
  };
}
