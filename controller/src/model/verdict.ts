import type { Severity } from './severity.ts';

/** Values that an expression used, for the message: `{cpu: 85.2}`. */
export type Values = Readonly<Record<string, number | string | boolean>>;

/** What one rule level says about one observation. No data is never "clear". */
export type Verdict =
  | { readonly kind: 'breach'; readonly values: Values; readonly message: string; readonly actions: readonly string[] }
  | { readonly kind: 'clear'; readonly values: Values }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The verdict of each level of one rule about one target, highest severity first. */
export interface RuleVerdict {
  readonly rule: string;
  readonly levels: readonly LevelVerdict[];
  /** When it was judged before, if nobody has looked for so long since that the time between says nothing. */
  readonly unjudgedSince?: number | undefined;
}

export interface LevelVerdict {
  readonly severity: Severity;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** True for a rule over change marks (restarted, deployed ...): it fires, and resolves without a message. */
  readonly eventLike: boolean;
  readonly verdict: Verdict;
}
