import type { KubeObject } from '../kube/client.ts';
import { FILE_ANNOTATION, SOURCE_LABEL } from './apply.ts';

/** Who keeps an object as it is; what others change in it is put right again. */
export type Origin =
  | { readonly kind: 'api'; readonly editable: true }
  | { readonly kind: 'file'; readonly file: string; readonly editable: false }
  | { readonly kind: 'default'; readonly editable: false };

/** Value of the source label on objects of the policy folder. */
export const FOLDER_SOURCE = 'policy-folder';
/** Value of the source label on what the settings ask for. */
export const SETTINGS_SOURCE = 'environment';

export function originOf({ metadata }: KubeObject): Origin {
  const source = metadata.labels?.[SOURCE_LABEL];
  if (source === FOLDER_SOURCE) {
    return { kind: 'file', file: metadata.annotations?.[FILE_ANNOTATION] ?? '', editable: false };
  }
  return source === SETTINGS_SOURCE ? { kind: 'default', editable: false } : { kind: 'api', editable: true };
}

/** Why an object is not to be changed here, and what to do instead; undefined when it may be. */
export function ownedElsewhere(object: KubeObject): string | undefined {
  const origin = originOf(object);
  const { name } = object.metadata;
  if (origin.kind === 'file')
    return `${name} is kept as the file ${origin.file} of the policy folder says: edit that file instead`;
  if (origin.kind === 'default') {
    return `${name} is kept as the settings of the controller say: change them, or declare a policy ${name} in a file of the policy folder`;
  }
  return undefined;
}
