import * as models from '@kubernetes/client-node';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterWide, nameOf, type ManifestObject } from './built-manifests.ts';

export interface Field {
  readonly baseName: string;
  readonly type: string;
}

interface Model {
  getAttributeTypeMap(): readonly Field[];
}

/** Fields of those kinds that came after the oldest version that we support, by the type that has them. */
export interface NewerFields {
  readonly oldest: string;
  /** Version of the client library that they were compared with. */
  readonly client: string;
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

export const newerFieldsPath: string = join(import.meta.dirname, 'newer-fields.json');
export const newer: NewerFields = JSON.parse(readFileSync(newerFieldsPath, 'utf8')) as NewerFields;

/** Of the library that is installed. */
export function clientVersion(): string {
  const file = join(import.meta.dirname, '../../node_modules/@kubernetes/client-node/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

/** Groups that are built in, and the kinds of each that a manifest may have. */
export const kinds: Readonly<Record<string, readonly string[]>> = {
  v1: ['Namespace', 'ServiceAccount', 'ConfigMap', 'Secret', 'Service', 'PersistentVolumeClaim'],
  'apps/v1': ['Deployment', 'StatefulSet'],
  'batch/v1': ['Job'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'networking.k8s.io/v1': ['NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
};
/** Field selectors, which older versions leave out when they are told not to be strict: docs/cluster.md. */
const dispensable = ['V1CustomResourceDefinitionVersion.selectableFields'];

/**
 * Unknown fields and wrong types of a built-in object: by the API that the client library was generated from, the newest
 * version that we support, less what the oldest does not know.
 */
export function apiFaults(object: ManifestObject): readonly string[] {
  const { apiVersion, kind, metadata } = object;
  const name = nameOf(object);
  if (kinds[apiVersion]?.includes(kind) !== true) return [`${name}: no known kind of ${apiVersion}`];
  const isPlaced = metadata.namespace !== undefined;
  const placing = isPlaced === clusterWide(kind) ? [`${name}: wrongly with or without a namespace`] : [];
  return [...placing, ...faultsOf(object, `V1${kind}`, name)];
}

function faultsOf(value: unknown, type: string, path: string): readonly string[] {
  const array = /^(?:Array|Set)<(.+)>$/.exec(type)?.[1];
  if (array !== undefined) {
    if (!Array.isArray(value)) return [`${path}: no list`];
    return value.flatMap((item: unknown, index) => faultsOf(item, array, `${path}[${index}]`));
  }
  const ofMap = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (ofMap !== undefined) return fieldsOf(value, path).flatMap(([key, one]) => faultsOf(one, ofMap, `${path}.${key}`));
  const model = modelOf(type);
  return model === undefined ? scalarFaults(value, type, path) : modelFaults(value, { type, model }, path);
}

function modelFaults(
  value: unknown,
  { type: ofType, model }: { readonly type: string; readonly model: Model },
  path: string,
): readonly string[] {
  if (!isRecord(value)) return [`${path}: no object`];
  const known = new Map(model.getAttributeTypeMap().map(({ baseName, type }) => [baseName, type]));
  return Object.entries(value).flatMap(([key, one]) => {
    const type = known.get(key);
    if (newer.fields[ofType]?.includes(key) === true && !dispensable.includes(`${ofType}.${key}`))
      return [`${path}.${key}: not in Kubernetes ${newer.oldest}`];
    return type === undefined ? [`${path}.${key}: unknown field`] : faultsOf(one, type, `${path}.${key}`);
  });
}

/** A number for a string is what YAML makes of an unquoted one, and an API server refuses it. */
function scalarFaults(value: unknown, type: string, path: string): readonly string[] {
  if (type === 'any' || type === 'IntOrString') return [];
  const wanted = type === 'number' || type === 'boolean' ? type : 'string';
  return typeof value === wanted ? [] : [`${path}: ${typeof value} instead of ${wanted}`];
}

export function modelOf(type: string): Model | undefined {
  const found: unknown = Reflect.get(models, type);
  return typeof found === 'function' && 'getAttributeTypeMap' in found ? (found as unknown as Model) : undefined;
}

function fieldsOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [[path, value]];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
