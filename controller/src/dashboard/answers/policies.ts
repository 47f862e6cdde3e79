import type { Severity } from '../../model/severity.ts';
import type { PolicyView } from '../view.ts';

/** One thing that is wrong with what was sent; in every error answer of the dashboard's API. */
export interface ErrorDetail {
  /** `spec.rules[0].expr`. */
  readonly path?: string | undefined;
  /** In the YAML text, from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** `Invalid`, `Required`, `NotSupported`, `Syntax` ... */
  readonly reason?: string | undefined;
  readonly message: string;
}

/** Every answer with a status of 400 and above. */
export interface ErrorAnswer {
  readonly error: string;
  readonly details?: readonly ErrorDetail[] | undefined;
}

/** `GET api/policies`. */
export interface PoliciesAnswer {
  readonly policies: readonly PolicySummary[];
}

export interface PolicySummary extends PolicyView {
  readonly origin: PolicyOrigin;
  readonly createdAt: number | null;
}

/** Who declares it; only what `kubectl` or this page applied can be edited here. */
export type PolicyOrigin =
  | { readonly kind: 'api'; readonly editable: true }
  /** A file of the policy folder: edit it there. */
  | { readonly kind: 'file'; readonly file: string; readonly editable: false }
  /** Built in, by the settings of the controller. */
  | { readonly kind: 'default'; readonly editable: false };

/** `GET api/policy?key=namespace/name`. */
export interface PolicyAnswer {
  readonly policy: PolicySummary;
  /** For the next PUT: refused when somebody declared something else meanwhile. Stands for what is declared, not for the status. */
  readonly resourceVersion: string;
  /** Without status and what the server adds. */
  readonly yaml: string;
  readonly targets: readonly MatchedTarget[];
  readonly targetsLeftOut: number;
  readonly rules: readonly PolicyRule[];
}

export interface MatchedTarget {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly state: string;
  readonly severity: Severity | 'ok' | 'unknown';
  readonly why: readonly string[];
}

export interface PolicyRule {
  readonly name: string;
  readonly severity: Severity;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** What is wrong with it, with line, column and caret; null: it is valid. */
  readonly fault: string | null;
  readonly breaching: number;
  readonly clear: number;
  readonly unknown: number;
}

/** `POST api/policies/check` {yaml}: 200 also when there are problems. */
export interface PolicyCheckAnswer {
  readonly problems: readonly CheckProblem[];
  /** Keys of the policies in the text. */
  readonly policies: readonly string[];
}

export interface CheckProblem extends ErrorDetail {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
}

/** `POST api/policies/preview` {yaml, hours}. 429 while another preview runs. */
export interface PreviewAnswer {
  readonly from: number;
  readonly to: number;
  readonly replays: readonly PolicyPreview[];
}

export interface PolicyPreview {
  readonly policy: string;
  /** Ids of the targets that it was played on. */
  readonly targets: readonly string[];
  /** How many times a target would have been judged. */
  readonly looks: number;
  readonly alerts: readonly PreviewAlert[];
  readonly alertsLeftOut: number;
  readonly mails: readonly PreviewMail[];
  readonly mailsLeftOut: number;
  /** Rule levels that could not be decided, and how often. */
  readonly unknown: readonly {
    readonly rule: string;
    readonly severity: Severity;
    readonly looks: number;
    readonly reason: string;
  }[];
  /** What a reader must know before believing the rest. */
  readonly notes: readonly string[];
}

export interface PreviewAlert {
  readonly rule: string;
  readonly target: string;
  readonly severity: Severity;
  /** False: its breach ended before `for` had passed. */
  readonly fired: boolean;
  readonly phases: readonly { readonly state: 'pending' | Severity; readonly from: number }[];
  readonly from: number;
  /** Null: still going on at the end. */
  readonly to: number | null;
  readonly values: Readonly<Record<string, number | string | boolean>>;
  readonly mails: number;
}

export interface PreviewMail {
  readonly at: number;
  readonly reason: string;
  readonly severity: Severity;
}

/** `PUT api/policies` {yaml, resourceVersion?}. */
export interface PolicyAppliedAnswer {
  readonly applied: readonly {
    readonly key: string;
    readonly action: 'created' | 'configured' | 'unchanged';
    readonly resourceVersion: string;
  }[];
}

/** `DELETE api/policies?key=`, and every other deletion or change without more to say. */
export interface DoneAnswer {
  readonly done: true;
}
