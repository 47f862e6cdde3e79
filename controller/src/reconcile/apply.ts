import {
  loadTests,
  monitorPolicies,
  silences,
  type KubeObject,
  type Resource,
  type ResourceClient,
} from '../kube/client.ts';
import { isFoghornError } from '../errors.ts';

/** Kinds that people declare. */
export const declaredResources: readonly Resource[] = [monitorPolicies, loadTests, silences];

/** Who keeps an object as it is; others' objects are left alone. */
export const SOURCE_LABEL = 'foghorn.dev/source';
/** File of the policy folder that declares the object. */
export const FILE_ANNOTATION = 'foghorn.dev/file';

const DEFAULT_NAMESPACE = 'default';
const MAX_CONFLICTS = 3;

export function resourceOf(kind: string): Resource | undefined {
  return declaredResources.find((resource) => resource.kind === kind);
}

/** Marks an object as kept by `source`, and by which file of it. */
export function owned(object: KubeObject, source: string, file: string): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      namespace: metadata.namespace ?? DEFAULT_NAMESPACE,
      labels: { ...metadata.labels, [SOURCE_LABEL]: source },
      annotations: { ...metadata.annotations, [FILE_ANNOTATION]: file },
    },
  };
}

/**
 * Brings an object to what is declared: its spec, and the labels and annotations that are declared. Status, and labels
 * that others put on it, stay. Faults are those of the API (StatusError).
 */
export async function applyObject(
  client: ResourceClient,
  resource: Resource,
  wanted: KubeObject,
  options: { readonly dryRun: boolean },
): Promise<void> {
  const { name, namespace = DEFAULT_NAMESPACE } = wanted.metadata;
  for (let attempt = 1; ; attempt += 1) {
    const present = await client.get(resource, namespace, name);
    try {
      if (present === undefined) await client.create(resource, wanted, options);
      else await client.update(resource, merge(present, wanted), options);
      return;
    } catch (error) {
      const raced = isFoghornError(error, 'Conflict') || isFoghornError(error, 'AlreadyExists');
      if (!raced || attempt >= MAX_CONFLICTS) throw error;
    }
  }
}

function merge(present: KubeObject, wanted: KubeObject): KubeObject {
  return {
    ...wanted,
    metadata: {
      ...present.metadata,
      labels: { ...present.metadata.labels, ...wanted.metadata.labels },
      annotations: { ...present.metadata.annotations, ...wanted.metadata.annotations },
    },
  };
}
