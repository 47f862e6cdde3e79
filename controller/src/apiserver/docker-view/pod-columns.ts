import type { KubeObject } from '../../kube/client.ts';
import { ageOf, textColumn } from '../cells.ts';
import type { PrinterColumn } from '../kind.ts';
import type { Pod } from './pod.ts';

/** The columns of `kubectl get pods`, as printPod of k8s.io/kubernetes/pkg/printers/internalversion has them. */
export const podColumns: readonly PrinterColumn[] = [
  textColumn('Name', (object) => object.metadata.name, { format: 'name', description: 'Name of the container.' }),
  textColumn('Ready', podCell(readyCount), { description: 'Containers that are ready, of all of the pod.' }),
  textColumn('Status', podCell(podStatus), { description: 'How the container is, in one word.' }),
  textColumn('Restarts', podCell(restartCount), {
    description: 'Restarts by the restart policy since the container was last started by hand.',
  }),
  textColumn('Age', (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs), {
    description: 'Since the container was created.',
  }),
  textColumn('IP', () => '<none>', { priority: 1, description: 'Not known of a container.' }),
  textColumn(
    'Node',
    podCell(({ spec }) => spec.nodeName),
    { priority: 1, description: 'Host of the container.' },
  ),
  textColumn('Nominated Node', () => '<none>', { priority: 1, description: 'Containers are not moved.' }),
  textColumn('Readiness Gates', () => '<none>', { priority: 1, description: 'Containers have none.' }),
];

function podCell(read: (pod: Pod) => unknown): PrinterColumn['cell'] {
  return (object) => (isPod(object) ? read(object) : null);
}

function isPod(object: KubeObject): object is Pod {
  return object.apiVersion === 'v1' && object.kind === 'Pod';
}

function readyCount({ spec, status }: Pod): string {
  return `${status.containerStatuses.filter(({ ready }) => ready).length}/${spec.containers.length}`;
}

/** The word of the STATUS column: why the container waits or ended, else the phase. */
export function podStatus({ status }: Pod): string {
  const { waiting, terminated } = status.containerStatuses[0].state;
  if (status.phase === 'Unknown') return status.phase;
  return waiting?.reason ?? terminated?.reason ?? status.phase;
}

function restartCount({ status }: Pod): string {
  return String(status.containerStatuses[0].restartCount);
}
