import type { Clock } from '../clock.ts';
import type { KubeObject, Resource, WatchEvent } from '../kube/client.ts';
import type { Admission, FieldValidation } from './admission.ts';
import type { Kinds } from './kinds.ts';
import type { Store } from './store.ts';

export interface WriteOptions {
  /** Does everything but the writing. */
  readonly dryRun?: boolean;
  /** Who writes; at most 128 printable characters. */
  readonly fieldManager?: string;
  /** Default: Warn, as an API server has it. */
  readonly fieldValidation?: FieldValidation;
}

export interface Written {
  readonly object: KubeObject;
  /** For the `Warning` header. */
  readonly warnings: readonly string[];
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListPage {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
  /** Where to go on; absent at the end. */
  readonly continue?: string;
  /** How many are still to come; absent with a selector. */
  readonly remainingItemCount?: number;
}

export interface ListPageOptions extends Selection {
  readonly limit?: number;
  readonly continue?: string;
}

export interface WatchOptions extends Selection {
  /** From where; without one all objects are told of first, as ADDED. */
  readonly resourceVersion?: string;
  /** Without a version: tells of the end of that by a BOOKMARK. */
  readonly markInitialEnd?: boolean;
  readonly signal: AbortSignal;
  /** Sends a BOOKMARK about once a minute. */
  readonly bookmarks?: boolean;
}

/** The operations of the embedded API, without a transport. Faults are StatusErrors. */
export interface Api {
  get(resource: Resource, namespace: string, name: string): KubeObject;
  list(resource: Resource, options?: ListPageOptions): ListPage;
  /** The version of the last write, of any kind where kinds share their versions. */
  resourceVersion(resource: Resource): number;
  /** Changes after a resourceVersion, until the signal aborts. Throws Gone when that is too old. */
  watch(resource: Resource, options: WatchOptions): AsyncIterable<WatchEvent>;
  create(resource: Resource, namespace: string, body: unknown, options?: WriteOptions): Written;
  /** Replaces all but status. */
  update(resource: Resource, target: Target, body: unknown, options?: WriteOptions): Written;
  /** Replaces status only. */
  updateStatus(resource: Resource, target: Target, body: unknown, options?: WriteOptions): Written;
  /** Changes the object that is there; the rules of update or updateStatus hold for what it becomes. */
  patch(resource: Resource, target: Target, patch: Patch, options?: WriteOptions & { readonly part?: Part }): Written;
  /**
   * Server-side apply: creates the object, or lays the configuration over the one that is there. Conflict when others
   * own what would change, unless forced.
   */
  apply(resource: Resource, target: Target, body: unknown, options: ApplyOptions): AppliedObject;
  /** With finalizers the object stays, marked by deletionTimestamp, and is given back so. */
  delete(resource: Resource, target: Target, options?: DeleteOptions): KubeObject;
  deleteCollection(resource: Resource, selection: Selection, options?: DeleteOptions): readonly KubeObject[];
}

export interface ApplyOptions extends WriteOptions {
  readonly part?: Part;
  /** Takes over what others own. */
  readonly force?: boolean;
}

export interface AppliedObject extends Written {
  /** Whether it was created by this. */
  readonly isNew: boolean;
}

/** Which part of an object a write is of. */
export type Part = 'main' | 'status';

/** A JSON patch (RFC 6902), a merge patch (RFC 7386), or a strategic merge patch of a built-in kind. */
export interface Patch {
  readonly type: 'json' | 'merge' | 'strategic';
  readonly body: unknown;
}

export interface Target {
  readonly namespace: string;
  readonly name: string;
}

export interface ApiDependencies {
  readonly store: Store;
  readonly kinds: Kinds;
  readonly admission: Admission;
  readonly clock: Clock;
}
