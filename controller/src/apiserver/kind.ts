import type { Resource } from '../kube/client.ts';
import type { Schema } from './schema/structural.ts';

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
  /** How long an object is kept after its last write; absent: for ever. */
  readonly timeToLiveMs?: number;
}
