import type { Severity } from './severity.ts';
import type { Values } from './verdict.ts';

/** What identifies an alert: one rule (all its levels) of one policy on one target. */
export interface AlertIdentity {
  /** `policyKey|rule|targetId`. */
  readonly key: string;
  /** `namespace/name`. */
  readonly policy: string;
  readonly policyUid: string;
  readonly rule: string;
  readonly target: AlertTarget;
}

export interface AlertTarget {
  readonly id: string;
  readonly host: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent for a container. */
  readonly kind?: 'host' | undefined;
}

/** Timers of one severity level; a level without one is not kept. */
export interface AlertLevel {
  readonly severity: Severity;
  /** Since when it has been in breach without a break; the clock of `for`, less the time that was unknown. */
  readonly breachedSince: number;
  /** `for` has passed. */
  readonly firing: boolean;
  /** Since when it has been clear while firing; the clock of `keepFiringFor`. */
  readonly clearSince?: number | undefined;
  /** Since when its verdict has been unknown: the clocks above stand still. */
  readonly unknownSince?: number | undefined;
}

interface AlertBase extends AlertIdentity {
  readonly severity: Severity;
  readonly message: string;
  readonly actions: readonly string[];
  readonly values: Values;
  readonly levels: readonly AlertLevel[];
  readonly eventLike: boolean;
  /** First breach, epoch milliseconds. */
  readonly pendingSince: number;
  readonly notified: NotificationRecord;
  /** Name of the silence under which nothing is told about it. */
  readonly silencedBy?: string | undefined;
  /** What explains it better, to the same readers: nothing is told about it for as long as that lasts. */
  readonly inhibitedBy?: string | undefined;
  /** Who takes care of it: no reminders until it resolves. */
  readonly acknowledgedBy?: string | undefined;
}

export interface PendingAlert extends AlertBase {
  readonly state: 'pending';
  /** The firing before, to which it goes back when it is dropped; `notified` is still about that one. */
  readonly earlier?: ResolvedAlert | undefined;
}

export interface FiringAlert extends AlertBase {
  readonly state: 'firing';
  readonly firedAt: number;
}

export interface ResolvedAlert extends AlertBase {
  readonly state: 'resolved';
  readonly firedAt: number;
  readonly resolvedAt: number;
  readonly resolvedReason: 'cleared' | 'event' | 'targetGone' | 'ruleGone' | 'policyGone' | 'suspended';
}

export type Alert = PendingAlert | FiringAlert | ResolvedAlert;

/** What was told about this alert: of this firing, and of the ones before it within the cooldown. */
export interface NotificationRecord {
  /** How many messages were accepted since it first fired. */
  readonly count: number;
  /** Last message accepted, of whatever reason; the clock of the cooldown. */
  readonly lastAt?: number | undefined;
  /** Severity of that message: a firing within the cooldown speaks at once when it is worse. */
  readonly lastSeverity?: Severity | undefined;
  /** Highest severity that was told of this firing; absent when this firing was not told. */
  readonly toldSeverity?: Severity | undefined;
  /** The resolution was told, or needs no telling. */
  readonly resolvedTold: boolean;
  /** Firings since the last message that came and went untold. */
  readonly flaps: number;
  /** Why the notifier refused it for good; not tried again before the cooldown has passed. */
  readonly rejected?: string | undefined;
  readonly rejectedAt?: number | undefined;
}

/** What one step of the machine did. */
export type AlertChange =
  | { readonly kind: 'opened'; readonly alert: PendingAlert }
  | { readonly kind: 'fired'; readonly alert: FiringAlert }
  | { readonly kind: 'escalated'; readonly alert: FiringAlert; readonly from: Severity }
  | { readonly kind: 'deescalated'; readonly alert: FiringAlert; readonly from: Severity }
  | { readonly kind: 'resolved'; readonly alert: ResolvedAlert }
  | { readonly kind: 'dropped'; readonly alert: PendingAlert };
