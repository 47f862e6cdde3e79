import type { RunRecord } from '../model/load-run.ts';
import type { Generator } from './launcher.ts';

/** What is to be done about a load test now. */
export type Effect =
  | { readonly kind: 'none' }
  | { readonly kind: 'launch'; readonly indexes: readonly number[] }
  /** Asks to end and to report; with `force` it ends them. */
  | { readonly kind: 'stop'; readonly generators: readonly Generator[]; readonly force: boolean }
  | { readonly kind: 'remove'; readonly generators: readonly Generator[] }
  /** Deletes the object: its time after the end has passed. */
  | { readonly kind: 'expire' }
  /** Lets a deleted object go; `left` says what could not be cleaned up. */
  | { readonly kind: 'release'; readonly left?: string | undefined };

/** Carry out the effect, then write the record. */
export interface Decision {
  readonly record: RunRecord;
  readonly effect: Effect;
  /** Absent: nothing to do until something changes. */
  readonly requeueMs?: number | undefined;
}
