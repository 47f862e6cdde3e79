import { isObject, list, object } from '../../json.ts';

/** The parts of an object that are about the thing itself. */
export interface Parts {
  readonly spec: unknown;
  readonly status: unknown;
}

const MAX_ENTRIES = 128;

/** Of a pod what {@link decodePod} reads: a tenth of it. */
export function trimPod({ spec, status }: Parts): Parts {
  return {
    spec: {
      ...some(spec, ['nodeName', 'restartPolicy', 'hostNetwork']),
      containers: list(object(spec)['containers'], MAX_ENTRIES).map(trimContainer),
    },
    status: {
      ...some(status, ['phase', 'podIP']),
      containerStatuses: list(object(status)['containerStatuses'], MAX_ENTRIES).map(trimContainerStatus),
    },
  };
}

/** Of a node what {@link decodeNode} reads; most of the rest are the names of its images. */
export function trimNode({ status }: Parts): Parts {
  return {
    spec: {},
    status: {
      ...some(status, ['addresses', 'daemonEndpoints', 'conditions']),
      capacity: some(object(status)['capacity'], ['cpu', 'memory']),
      nodeInfo: some(object(status)['nodeInfo'], ['kubeletVersion']),
    },
  };
}

function trimContainer(container: unknown): object {
  const { resources, readinessProbe } = object(container);
  return {
    ...some(container, ['name', 'image', 'ports']),
    resources: some(resources, ['limits']),
    ...(isObject(readinessProbe) && { readinessProbe: {} }),
  };
}

function trimContainerStatus(status: unknown): object {
  return {
    ...some(status, ['name', 'imageID', 'restartCount', 'ready', 'started', 'state']),
    lastState: some(object(status)['lastState'], ['terminated']),
  };
}

/** Fields of these names, as they are; those that are absent stay so. */
function some(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const fields = object(value);
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
}
