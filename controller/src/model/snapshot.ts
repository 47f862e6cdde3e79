import type { Alert } from './alert.ts';
import type { BudgetSnapshot } from './budget.ts';
import type { HostStatus } from './host.ts';
import type { LoadOnTarget, LoadTestSnapshot } from './load-test.ts';
import type { MetricName, Point } from './metrics.ts';
import type { Observation } from './observation.ts';
import type { Problem } from './problem.ts';
import type { Severity } from './severity.ts';

/** All that readers (dashboard, status, metrics) may know of the pipeline at one time. */
export interface Snapshot {
  readonly at: number;
  readonly hosts: readonly HostStatus[];
  readonly targets: readonly TargetSnapshot[];
  readonly policies: readonly PolicySnapshot[];
  readonly alerts: readonly Alert[];
  readonly problems: readonly Problem[];
  readonly email: EmailSnapshot;
  /** Load tests that are known, whether they run or not. */
  readonly loadTests?: readonly LoadTestSnapshot[] | undefined;
}

export interface TargetSnapshot {
  /** Latest look, probes of all its policies merged. */
  readonly observation: Observation;
  /** Keys of the policies that watch it. */
  readonly policies: readonly string[];
  /** Worst firing severity, if any. */
  readonly severity?: Severity | undefined;
  /** The load test that drives it now. */
  readonly loadtest?: LoadOnTarget | undefined;
  readonly sparklines: Readonly<Partial<Record<MetricName, readonly Point[]>>>;
}

export interface PolicySnapshot {
  readonly key: string;
  readonly uid: string;
  readonly generation: number;
  readonly suspended: boolean;
  readonly intervalMs: number;
  readonly targets: {
    readonly matched: number;
    readonly up: number;
    readonly down: number;
    readonly unreachable: number;
  };
  readonly rules: { readonly valid: number; readonly invalid: readonly InvalidRule[] };
  readonly alerts: {
    readonly pending: number;
    readonly firing: number;
    /** Of those that fire, how many a silence holds back. */
    readonly silenced: number;
    readonly unknown: number;
    readonly highestSeverity?: Severity | undefined;
  };
  readonly lastEvaluationAt?: number | undefined;
  readonly lastNotification?: LastNotification | undefined;
  /** All who are told of alerts of this policy, of whatever severity. */
  readonly recipients: readonly RecipientSnapshot[];
  /** Messages that wait for the budget of mails. */
  readonly heldBack?: number | undefined;
}

export interface InvalidRule {
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
}

export interface RecipientSnapshot {
  /** Mail address, or name of a webhook. */
  readonly recipient: string;
  /** How the last attempt to tell it went. */
  readonly last?: LastNotification | undefined;
}

export interface LastNotification {
  readonly at: number;
  readonly severity: Severity;
  readonly messageId?: string | undefined;
  readonly error?: { readonly reason: string; readonly message: string } | undefined;
}

export interface EmailSnapshot {
  /** Whoever the settings name can be told; true also where they want webhooks and no mail. */
  readonly configured: boolean;
  /** Why not, or what it is configured to. */
  readonly message: string;
  readonly sent: number;
  readonly failed: number;
  readonly waiting: number;
  readonly lastSentAt?: number | undefined;
  readonly lastError?: string | undefined;
  readonly budget?: BudgetSnapshot | undefined;
}
