import type { AlertTarget } from './alert.ts';
import type { Change } from './observation.ts';
import type { Severity } from './severity.ts';
import type { Values } from './verdict.ts';

/** One firing of an alert from its first breach to its end, as it is kept when the alert itself is long gone. */
export interface AlertEpisode {
  /** `key@firedAt`. */
  readonly id: string;
  /** Of the alert. */
  readonly key: string;
  readonly policy: string;
  readonly rule: string;
  readonly target: AlertTarget;
  /** Worst that fired. */
  readonly severity: Severity;
  readonly message: string;
  readonly values: Values;
  /** Epoch milliseconds, as all times here. */
  readonly pendingSince: number;
  readonly firedAt: number;
  /** Absent while it fires. */
  readonly resolvedAt?: number | undefined;
  readonly resolvedReason?: string | undefined;
  readonly notifications: number;
  readonly lastNotifiedAt?: number | undefined;
  /** Oldest first; of a long story the middle is left out. */
  readonly moments: readonly AlertMoment[];
}

export const momentKinds = [
  'pending',
  'fired',
  'escalated',
  'deescalated',
  'resolved',
  'told',
  'refused',
  'silenced',
  'unsilenced',
  'inhibited',
  'uninhibited',
  'acknowledged',
  'unacknowledged',
] as const;
export type MomentKind = (typeof momentKinds)[number];

/** Something that happened to an alert. */
export interface AlertMoment {
  readonly at: number;
  readonly kind: MomentKind;
  readonly severity: Severity;
  /** Why, or by whom; hostile text. */
  readonly reason: string;
}

/** Something that happened to a target, kept for charts. */
export interface ChangeMark extends Change {
  readonly targetId: string;
}
