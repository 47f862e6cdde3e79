import type { Manifest } from './manifests.ts';
import type { PolicyFile } from './policy-folder.ts';

/** Identity of an object: `kind/namespace/name`. */
export type ObjectKey = string;

/** What the folder wants, before any of it was tried. */
export interface FolderPlan {
  readonly wanted: readonly WantedFile[];
  readonly faulty: readonly FaultyFile[];
}

export interface WantedFile {
  readonly name: string;
  readonly manifests: readonly Manifest[];
}

export interface FaultyFile {
  readonly name: string;
  /** Lines as `12: message`. */
  readonly faults: readonly string[];
}

/** An object in the store that came from the folder. */
export interface OwnedObject {
  readonly key: ObjectKey;
  readonly file: string;
}

export const servedKinds: readonly string[] = ['MonitorPolicy', 'LoadTest', 'Silence'];
const DEFAULT_NAMESPACE = 'default';

/** Decides per file, so that a broken one changes nothing: neither what it declares nor what it declared before. */
export function planFolder(files: readonly PolicyFile[]): FolderPlan {
  const owners = new Map<ObjectKey, string>();
  const wanted: WantedFile[] = [];
  const faulty: FaultyFile[] = [];
  for (const file of files) {
    const faults = [...file.faults.map(({ line, message }) => `${line}: ${message}`), ...conflicts(file, owners)];
    if (faults.length > 0) {
      faulty.push({ name: file.name, faults });
      continue;
    }
    for (const manifest of file.manifests) owners.set(keyOf(manifest), file.name);
    wanted.push({ name: file.name, manifests: file.manifests });
  }
  return { wanted, faulty };
}

function conflicts(file: PolicyFile, owners: ReadonlyMap<ObjectKey, string>): readonly string[] {
  const own = new Set<ObjectKey>();
  return file.manifests.flatMap((manifest) => {
    const key = keyOf(manifest);
    const line = manifest.lineOf('metadata.name');
    const other = own.has(key) ? file.name : owners.get(key);
    own.add(key);
    if (other !== undefined)
      return [`${line}: ${key} is declared in ${other} too; the first in path order is in force`];
    if (!servedKinds.includes(manifest.object.kind)) {
      return [
        `${manifest.lineOf('kind')}: kind ${manifest.object.kind} cannot be declared here, only ${servedKinds.join(', ')}`,
      ];
    }
    return [];
  });
}

/** Objects whose file is gone, or no longer declares them; those of a faulty file stay. */
export function planPrune(plan: FolderPlan, owned: readonly OwnedObject[]): readonly OwnedObject[] {
  const declared = new Set(plan.wanted.flatMap(({ manifests }) => manifests.map(keyOf)));
  const faulty = new Set(plan.faulty.map(({ name }) => name));
  return owned.filter(({ key, file }) => !declared.has(key) && !faulty.has(file));
}

export function keyOf({ object }: Pick<Manifest, 'object'>): ObjectKey {
  return `${object.kind}/${object.metadata.namespace ?? DEFAULT_NAMESPACE}/${object.metadata.name}`;
}
