import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../controller/src/kube/client.ts';

/** An object of a manifest, with all of its fields. */
export type ManifestObject = KubeObject & Readonly<Record<string, unknown>>;

const root = join(import.meta.dirname, '../..');
const BUILD_TIMEOUT_MS = 30_000;
/** CRDs are large. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Manifests with one of the components. */
export const variants: readonly string[] = ['variants/external-database', 'variants/one-namespace', 'variants/shards'];

/** A folder of manifests/, or of variants/ here. */
export function folderOf(name: string): string {
  return join(name.startsWith('variants/') ? import.meta.dirname : join(root, 'manifests'), name);
}

/** What `kubectl apply -k` of that folder would send, in its order. */
export function buildManifests(folder: string): readonly ManifestObject[] {
  return readObjects(
    execFileSync('kubectl', ['kustomize', folderOf(folder)], {
      encoding: 'utf8',
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    }),
  );
}

export function readObjects(yaml: string): readonly ManifestObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    const object = document.toJS() as ManifestObject | null;
    return object ?? [];
  });
}

/** `Deployment foghorn/foghorn-controller`. */
export function nameOf({ kind, metadata }: ManifestObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

export function ofKind(objects: readonly ManifestObject[], ...kinds: readonly string[]): readonly ManifestObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

const withoutNamespace = ['Namespace', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding'];

/** Whether objects of a kind are in no namespace. */
export function clusterWide(kind: string): boolean {
  return withoutNamespace.includes(kind);
}
