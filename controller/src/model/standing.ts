import type { MetricName } from './metrics.ts';
import type { Policy } from './policy.ts';
import type { Severity } from './severity.ts';
import type { InvalidRule } from './snapshot.ts';
import type { RuleVerdict } from './verdict.ts';

/** How one target stands by the rules of one policy that watches it. */
export interface Standing {
  readonly policy: Policy;
  /** When the target was last judged by it; absent before the first time. */
  readonly judgedAt?: number | undefined;
  /** What the rules say of the last look. */
  readonly verdicts: readonly RuleVerdict[];
  readonly invalid: readonly InvalidRule[];
  readonly bounds: readonly MetricBound[];
}

/** A number that a rule holds a metric against, in the unit of the metric's samples. */
export interface MetricBound {
  readonly metric: MetricName;
  readonly value: number;
  readonly breach: 'above' | 'below';
  readonly rule: string;
  readonly severity: Severity;
}

/** How the targets of a policy stand by one of its rules. */
export interface RuleTally {
  readonly rule: string;
  /** Targets about which none of its levels could be decided. */
  readonly unknown: number;
}
