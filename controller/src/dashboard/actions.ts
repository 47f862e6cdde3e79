import type { SilenceRequest, SilenceView } from './answers/alerts.ts';
import type { LoadStartedAnswer, LoadStartRequest } from './answers/load-tests.ts';
import type { TestMailAnswer } from './answers/mails.ts';
import type { ErrorDetail, PolicyAppliedAnswer } from './answers/policies.ts';

/** What the page may do. All of it goes through the store and its admission, as what kubectl does. */
export interface DashboardActions {
  applyPolicies(request: {
    readonly yaml: string;
    readonly resourceVersion?: string;
  }): Promise<Outcome<PolicyAppliedAnswer>>;
  deletePolicy(key: string): Promise<Outcome<true>>;
  /** `by` undefined takes the mark away. */
  acknowledge(alertKey: string, by: string | undefined): Promise<Outcome<true>>;
  silence(request: SilenceRequest, author: string): Promise<Outcome<readonly SilenceView[]>>;
  deleteSilence(key: string): Promise<Outcome<true>>;
  startLoadTest(request: LoadStartRequest): Promise<Outcome<LoadStartedAnswer>>;
  stopLoadTest(key: string): Promise<Outcome<true>>;
  sendTestMail(to: string | undefined): Promise<Outcome<TestMailAnswer>>;
}

/** A refusal is expected, and has a reason; a fault is thrown. */
export type Outcome<T> = { readonly kind: 'done'; readonly value: T } | Refusal;

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** What is wrong and what to do. */
  readonly message: string;
  readonly details?: readonly ErrorDetail[] | undefined;
}

export type RefusalReason = 'notFound' | 'conflict' | 'invalid' | 'tooLarge' | 'busy' | 'unavailable';

export function done<T>(value: T): Outcome<T> {
  return { kind: 'done', value };
}

export function refused(reason: RefusalReason, message: string, details?: readonly ErrorDetail[]): Refusal {
  return { kind: 'refused', reason, message, ...(details !== undefined && { details }) };
}
