import type { KubeObject, ResourceClient } from '../kube/client.ts';
import { StatusError } from '../kube/status.ts';
import type { Log } from '../log.ts';
import { applyObject, declaredResources, FILE_ANNOTATION, owned, resourceOf, SOURCE_LABEL } from './apply.ts';
import type { Manifest } from './manifests.ts';
import { FOLDER_SOURCE } from './origin.ts';
import { keyOf, type FaultyFile, type FolderPlan, type OwnedObject, type WantedFile } from './policy-files-plan.ts';

/** Holds every file against the API without storing anything; one that is refused joins the faulty ones whole. */
export async function tryFiles(client: ResourceClient, plan: FolderPlan): Promise<FolderPlan> {
  const wanted: WantedFile[] = [];
  const faulty: FaultyFile[] = [...plan.faulty];
  for (const file of plan.wanted) {
    const faults: string[] = [];
    for (const manifest of file.manifests) faults.push(...(await tryManifest(client, manifest, file.name)));
    if (faults.length > 0) faulty.push({ name: file.name, faults });
    else wanted.push(file);
  }
  return { wanted, faulty };
}

async function tryManifest(client: ResourceClient, manifest: Manifest, file: string): Promise<readonly string[]> {
  try {
    await applyManifest(client, manifest, { file, dryRun: true });
    return [];
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return faultsOf(error, manifest);
  }
}

/** `12: spec.rules[2].expr: ...`, one for each cause. */
function faultsOf({ status }: StatusError, manifest: Manifest): readonly string[] {
  const causes = status.details?.causes ?? [];
  if (causes.length === 0) return [`${manifest.lineOf(unknownField(status.message) ?? 'kind')}: ${status.message}`];
  return causes.map(({ field = '', message }) => `${manifest.lineOf(field)}: ${field}: ${message}`);
}

/** A strict decoding error names its field in words only. */
function unknownField(message: string): string | undefined {
  return /unknown field "([^"]+)"/.exec(message)?.[1];
}

export async function applyFile(client: ResourceClient, { name, manifests }: WantedFile): Promise<void> {
  for (const manifest of manifests) await applyManifest(client, manifest, { file: name, dryRun: false });
}

async function applyManifest(
  client: ResourceClient,
  { object }: Manifest,
  { file, dryRun }: { file: string; dryRun: boolean },
): Promise<void> {
  const resource = resourceOf(object.kind);
  if (resource === undefined) return;
  await applyObject(client, resource, owned(object, FOLDER_SOURCE, file), { dryRun });
}

export async function listOwned(client: ResourceClient): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(
    declaredResources.map((resource) => client.list(resource, { labelSelector: `${SOURCE_LABEL}=${FOLDER_SOURCE}` })),
  );
  return lists.flatMap(({ items }) => items);
}

export function identityOf(object: KubeObject): OwnedObject {
  return { key: keyOf({ object }), file: fileOf(object) };
}

export function fileOf(object: KubeObject): string {
  return object.metadata.annotations?.[FILE_ANNOTATION] ?? '';
}

export async function pruneObject(client: ResourceClient, { key }: OwnedObject, log: Log): Promise<void> {
  const [kind = '', namespace = '', name = ''] = key.split('/');
  const resource = resourceOf(kind);
  if (resource !== undefined) await client.delete(resource, namespace, name);
  log.info({ object: key }, 'removed: no file declares it any more');
}
