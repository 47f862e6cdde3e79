import type { KubeObject } from '../../kube/client.ts';
import { ageOf, textColumn } from '../cells.ts';
import type { PrinterColumn } from '../kind.ts';
import type { Node } from './node.ts';

/** The columns of `kubectl get nodes`, as printNode of k8s.io/kubernetes/pkg/printers/internalversion has them. */
export const nodeColumns: readonly PrinterColumn[] = [
  textColumn('Name', (object) => object.metadata.name, { format: 'name', description: 'Name of the host.' }),
  textColumn('Status', nodeCell(readiness), { description: 'Whether the host can be asked.' }),
  textColumn('Roles', () => '<none>', { description: 'Hosts have none.' }),
  textColumn('Age', (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs), {
    description: 'Not known of a host.',
  }),
  textColumn(
    'Version',
    nodeCell(({ status }) => status.nodeInfo.kubeletVersion),
    { description: 'Version of the Docker engine.' },
  ),
  textColumn('Internal-IP', () => '<none>', { priority: 1, description: 'Not known of a host.' }),
  textColumn('External-IP', () => '<none>', { priority: 1, description: 'Not known of a host.' }),
  textColumn('OS-Image', () => '<unknown>', { priority: 1, description: 'Not known of a host.' }),
  textColumn('Kernel-Version', () => '<unknown>', { priority: 1, description: 'Not known of a host.' }),
  textColumn(
    'Container-Runtime',
    nodeCell(({ status }) => status.nodeInfo.containerRuntimeVersion || '<unknown>'),
    { priority: 1, description: 'What runs the containers.' },
  ),
];

function nodeCell(read: (node: Node) => unknown): PrinterColumn['cell'] {
  return (object) => (isNode(object) ? read(object) : null);
}

function isNode(object: KubeObject): object is Node {
  return object.apiVersion === 'v1' && object.kind === 'Node';
}

function readiness({ status }: Node): string {
  return status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True') ? 'Ready' : 'NotReady';
}
