import type { LabelSelector } from './policy.ts';
import type { Severity } from './severity.ts';

/** A Silence as the pipeline uses it: which alerts, and when. Empty lists match all. */
export interface Silence {
  /** `namespace/name`; it holds for the policies of its namespace. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startsAt: number;
  /** Absent: for ever, which only a schedule may be. */
  readonly endsAt?: number | undefined;
  /** Absent: all the time between the two. */
  readonly schedule?: WeeklyWindow | undefined;
  readonly policies: readonly string[];
  readonly rules: readonly string[];
  readonly severities: readonly Severity[];
  readonly targetSelector?: LabelSelector | undefined;
  /** Globs. */
  readonly containerNames: readonly string[];
}

/** A window that comes back every week, in the wall time of its zone. */
export interface WeeklyWindow {
  /** Days on which it begins, 0 for Sunday; empty for every day. */
  readonly days: readonly number[];
  /** Minutes since midnight. */
  readonly startMinute: number;
  /** Not after `startMinute`: on the next day. */
  readonly endMinute: number;
  /** IANA name that the platform knows. */
  readonly timeZone: string;
}

export type SilenceState = 'Pending' | 'Active' | 'Expired';
