/** A Kubernetes object as JSON has it. `spec` and `status` are typed by the kind that was asked for. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  /** Of a create without a name: the server adds a random end to it. */
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** A kind that is served: `{group: 'foghorn.dev', version: 'v1alpha1', plural: 'alerts', kind: 'Alert'}`. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
}

export interface ObjectList {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
}

export interface WriteOptions {
  /** Run every check, store nothing. */
  readonly dryRun?: boolean;
  /** Unknown fields: refuse them (Strict, the default), or drop them. */
  readonly fieldValidation?: 'Strict' | 'Ignore';
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  /** `endsInitialEvents`: all that was there when the watch began has been told. */
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly endsInitialEvents?: true };

/**
 * Where declarations live: the embedded API, or a cluster's. Faults are FoghornErrors with the codes
 * NotFound, AlreadyExists, Conflict, Invalid, BadRequest, Forbidden, Gone, TooLarge, Unavailable.
 */
export interface ResourceClient {
  get(resource: Resource, namespace: string, name: string): Promise<KubeObject | undefined>;
  list(resource: Resource, options?: ListOptions): Promise<ObjectList>;
  /** Events after `resourceVersion`, until the signal aborts; ends with Gone when that is too old. */
  watch(
    resource: Resource,
    options: ListOptions & { readonly resourceVersion: string; readonly signal: AbortSignal },
  ): AsyncIterable<WatchEvent>;
  create(resource: Resource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Replaces all but status; Conflict unless `metadata.resourceVersion` is the present one. */
  update(resource: Resource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Replaces status only; optimistic lock as for update. */
  updateStatus(resource: Resource, object: KubeObject): Promise<KubeObject>;
  /** Undefined when it was not there. With finalizers the object stays, marked by deletionTimestamp. */
  delete(resource: Resource, namespace: string, name: string): Promise<KubeObject | undefined>;
}

const foghorn = { group: 'foghorn.dev', version: 'v1alpha1', namespaced: true } as const;

export const monitorPolicies: Resource = { ...foghorn, plural: 'monitorpolicies', kind: 'MonitorPolicy' };
export const alerts: Resource = { ...foghorn, plural: 'alerts', kind: 'Alert' };
export const silences: Resource = { ...foghorn, plural: 'silences', kind: 'Silence' };
export const loadTests: Resource = { ...foghorn, plural: 'loadtests', kind: 'LoadTest' };
export const events: Resource = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true };
