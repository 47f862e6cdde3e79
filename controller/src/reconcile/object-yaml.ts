import { stringify } from 'yaml';
import type { KubeObject } from '../kube/client.ts';
import { FILE_ANNOTATION, SOURCE_LABEL } from './apply.ts';

/** What kubectl keeps for its next apply: as long as the object, and nothing for people. */
export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

const hidden: ReadonlySet<string> = new Set([LAST_APPLIED_ANNOTATION, FILE_ANNOTATION, SOURCE_LABEL]);

/** What somebody declared, as YAML to be read and changed: without status and without what the server adds. */
export function objectYaml({ apiVersion, kind, metadata, spec }: KubeObject): string {
  const { name, namespace } = metadata;
  const labels = shown(metadata.labels);
  const annotations = shown(metadata.annotations);
  const declared = {
    apiVersion,
    kind,
    metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec,
  };
  return stringify(declared, { version: '1.1', lineWidth: 110, aliasDuplicateObjects: false });
}

function shown(values: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(values).filter(([name]) => !hidden.has(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The object with what is declared anew: what is shown is replaced, what is hidden stays. */
export function redeclared(present: KubeObject, wanted: KubeObject): KubeObject {
  return {
    ...wanted,
    metadata: {
      ...present.metadata,
      labels: { ...kept(present.metadata.labels), ...wanted.metadata.labels },
      annotations: { ...kept(present.metadata.annotations), ...wanted.metadata.annotations },
    },
  };
}

function kept(values: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => hidden.has(name)));
}
