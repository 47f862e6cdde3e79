import type { V1EnvVar } from '@kubernetes/client-node';
import { ofKind, type ManifestObject } from './built-manifests.ts';
import type { Workload } from './workloads.ts';

/** What a cluster knows of a pod. */
const fields: Readonly<Record<string, string>> = {
  'metadata.namespace': 'foghorn',
  'metadata.name': 'foghorn-controller-7d4b9c6f5-x2x4k',
  'status.podIP': '10.244.1.17',
};

/** Data of Secrets by their names. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The environment that a kubelet gives the container of a workload. */
export function environmentOf(
  { containers }: Workload,
  objects: readonly ManifestObject[],
  secrets: Secrets,
): Readonly<Record<string, string>> {
  const [container] = containers;
  const environment: Record<string, string> = {};
  for (const { configMapRef, secretRef } of container?.envFrom ?? []) {
    const map = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef?.name);
    Object.assign(environment, map?.['data'], secrets[secretRef?.name ?? '']);
  }
  // A variable may be used by those after it.
  for (const variable of container?.env ?? []) environment[variable.name] = valueOf(variable, environment, secrets);
  return environment;
}

function valueOf({ value, valueFrom }: V1EnvVar, known: Readonly<Record<string, string>>, secrets: Secrets): string {
  const { fieldRef, secretKeyRef } = valueFrom ?? {};
  if (fieldRef !== undefined) return fields[fieldRef.fieldPath] ?? '';
  if (secretKeyRef !== undefined) return secrets[secretKeyRef.name ?? '']?.[secretKeyRef.key] ?? '';
  return (value ?? '').replaceAll(/\$\((\w+)\)/g, (reference, name: string) => known[name] ?? reference);
}
