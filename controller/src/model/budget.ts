import type { Severity } from './severity.ts';

/** Mails accepted within one interval; recipients are what SES counts. */
export interface SentCount {
  /** Epoch milliseconds of the start of the interval. */
  readonly startMs: number;
  readonly recipients: number;
}

/** One message that the budget held back, about one alert. */
export interface HeldBack {
  /** Of the alert. */
  readonly key: string;
  readonly policy: string;
  readonly rule: string;
  /** Name and host of the container; hostile text. */
  readonly target: string;
  readonly host: string;
  readonly severity: Severity;
  /** `first`, `reminder` ... */
  readonly reason: string;
  readonly message: string;
  readonly sinceMs: number;
}

/** One mail instead of those that were held back. */
export interface Digest {
  readonly held: readonly HeldBack[];
  readonly spent: number;
  readonly perDay: number;
}

/** What readers may know of the budget. */
export interface BudgetSnapshot {
  /** Recipients' mails in 24 hours; absent: unlimited. */
  readonly perDay?: number | undefined;
  readonly perSecond: number;
  /** Where the limits come from. */
  readonly source: 'settings' | 'ses' | 'assumed';
  /** Of the last 24 hours. */
  readonly spent: number;
  /** Messages about alerts that wait now. */
  readonly held: number;
  /** Since the process began. */
  readonly heldTotal: number;
}
