import { textAt, type YamlObject } from './yaml.ts';

/** Of `database.kind`: with a database the history is shared, and replicas elect one of them. */
export const IS_SHARED = 'ne .Values.database.kind "file"';
export const IS_INTERNAL = 'eq .Values.database.kind "internal"';
export const IS_EXTERNAL = 'eq .Values.database.kind "external"';
export const HAS_VOLUME: string = `and (not (${IS_SHARED})) .Values.persistence.enabled`;
/** Only a namespaced installation can do without. */
const HAS_CLUSTER_ROLES = 'or .Values.clusterRoles (not .Values.namespaced)';
export const HAS_SHARDS = 'gt (int .Values.shards) 1';

/** By name of an object, or by its kind. */
const conditions: Readonly<Record<string, string>> = {
  'ClusterRole foghorn-nodes': HAS_CLUSTER_ROLES,
  'ClusterRole foghorn-view': HAS_CLUSTER_ROLES,
  'ClusterRole foghorn-edit': HAS_CLUSTER_ROLES,
  'ClusterRole foghorn-admin': HAS_CLUSTER_ROLES,
  'ClusterRoleBinding foghorn-nodes': HAS_CLUSTER_ROLES,
  'NetworkPolicy foghorn-controller': '.Values.networkPolicy.enabled',
  'NetworkPolicy foghorn-database': `and .Values.networkPolicy.enabled (${IS_INTERNAL})`,
  'PersistentVolumeClaim foghorn-data': HAS_VOLUME,
  'PodDisruptionBudget foghorn-controller': 'gt (int .Values.replicas) 1',
  'Role foghorn-election': IS_SHARED,
  'RoleBinding foghorn-election': IS_SHARED,
  'Role foghorn-shards': HAS_SHARDS,
  'RoleBinding foghorn-shards': HAS_SHARDS,
  'Service foghorn-database': IS_INTERNAL,
  'StatefulSet foghorn-database': IS_INTERNAL,
};

/** The condition under which an object is there; undefined: always. */
export function conditionOf(object: YamlObject): string | undefined {
  return conditions[`${textAt(object, 'kind')} ${textAt(object, 'metadata', 'name')}`];
}
