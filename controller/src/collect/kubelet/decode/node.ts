import { amount, list, object, text } from '../../json.ts';
import type { HostSize } from '../../sample.ts';
import { parseQuantity } from './quantity.ts';

/** What the API server tells of a node. */
export interface NodeFacts {
  readonly name: string;
  /** Where its kubelet listens; undefined when the node has told no address. */
  readonly kubelet: { readonly address: string; readonly port: number } | undefined;
  readonly size: HostSize;
  readonly kubeletVersion: string;
  /** False when the API server has not heard of it for a while, or it says itself that it is not. */
  readonly isReady: boolean;
  /** Why it is not ready, for people. */
  readonly notReady: string;
}

const DEFAULT_KUBELET_PORT = 10_250;
const MAX_ENTRIES = 64;
/** The internal address first: the others may be reached by a detour, or not from within. */
const ADDRESS_TYPES = ['InternalIP', 'Hostname', 'InternalDNS', 'ExternalIP'];

/** A node as list and watch give it; undefined when it is none. */
export function decodeNode(value: unknown): NodeFacts | undefined {
  const name = text(object(object(value)['metadata'])['name']);
  if (name === '') return undefined;
  const status = object(object(value)['status']);
  const capacity = object(status['capacity']);
  const ready = list(status['conditions'], MAX_ENTRIES)
    .map(object)
    .find((condition) => condition['type'] === 'Ready');
  return {
    name,
    kubelet: kubeletOf(status),
    size: { cpus: parseQuantity(capacity['cpu']) ?? 0, memoryBytes: parseQuantity(capacity['memory']) ?? 0 },
    kubeletVersion: text(object(status['nodeInfo'])['kubeletVersion']),
    isReady: ready?.['status'] === 'True',
    notReady: [text(ready?.['reason']), text(ready?.['message'])].filter((part) => part !== '').join(': '),
  };
}

function kubeletOf(status: Readonly<Record<string, unknown>>): NodeFacts['kubelet'] {
  const addresses = list(status['addresses'], MAX_ENTRIES).map(object);
  const endpoint = object(object(status['daemonEndpoints'])['kubeletEndpoint']);
  const address = ADDRESS_TYPES.flatMap((type) => addresses.filter((one) => one['type'] === type))[0];
  if (address === undefined || text(address['address']) === '') return undefined;
  return { address: text(address['address']), port: amount(endpoint['Port']) || DEFAULT_KUBELET_PORT };
}
