import type { KubeObject, Resource } from '../kube/client.ts';
import type { FieldError } from '../kube/status.ts';
import type { JsonRecord } from './json.ts';
import type { Schema } from './schema/structural.ts';

/** What a kind is called besides its plural. */
export interface KindNames {
  readonly singular: string;
  readonly list: string;
  readonly short: readonly string[];
  readonly categories: readonly string[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Above 0: shown with `-o wide` only. */
  readonly priority: number;
  /** The value of the cell at that time, for ages; null is shown as `<none>`. */
  readonly cell: (object: KubeObject, nowMs: number) => unknown;
}

/** A kind that the API serves, and by what rules. */
export interface KindDefinition {
  readonly resource: Resource;
  readonly schema: Schema;
  /** Whether status is written apart from the rest. */
  readonly hasStatus: boolean;
  /** Whether `metadata.generation` counts the changes of its spec. */
  readonly countsGenerations: boolean;
  /** Whether a replacement must name the version that it replaces. */
  readonly requiresResourceVersion: boolean;
  /** Fields besides name and namespace that a field selector may ask for, without the leading dot. */
  readonly selectableFields: readonly string[];
  readonly names: KindNames;
  /** What `kubectl get` shows besides the name. */
  readonly columns: readonly PrinterColumn[];
  /** Absent: all of them. */
  readonly verbs?: readonly string[];
  /** Parts besides status that can be read. */
  readonly subresources?: readonly string[];
  /** The CustomResourceDefinition it was read from; absent: built in. */
  readonly definition?: JsonRecord;
  /** What an object has in which nothing is set; not counted as the doing of whoever creates one. */
  readonly zero?: JsonRecord;
  /** Fills in what a schema's defaults cannot say, before an object is judged. Throws StatusErrors. */
  readonly complete?: (object: JsonRecord) => JsonRecord;
  /** Rules besides the schema's; `old` is what it replaces. */
  readonly errors?: (object: KubeObject, old: KubeObject | undefined) => readonly FieldError[];
  /** How long an object is kept after its last write; absent: for ever. */
  readonly timeToLiveMs?: number;
}
