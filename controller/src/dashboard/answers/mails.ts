import type { Severity } from '../../model/severity.ts';

/** `GET api/mails`: the last notifications since the controller started, newest first. They are kept in memory only. */
export interface MailsAnswer {
  readonly mails: readonly MailView[];
  /** Since when the list is complete: the start of the controller, or the oldest that is still kept. */
  readonly since: number;
  readonly email: {
    readonly configured: boolean;
    /** Why not, or what it is configured to. */
    readonly message: string;
    readonly waiting: number;
  };
}

export interface MailView {
  readonly id: string;
  /** When it was sent, refused or last held back. */
  readonly at: number;
  readonly state: 'sent' | 'waiting' | 'heldBack' | 'refused';
  /** `first`, `escalated`, `reminder`, `resolved`, `digest`, `test`. */
  readonly reason: string;
  readonly severity: Severity;
  readonly policy: string;
  /** What it is about, worst first. */
  readonly about: readonly {
    readonly alert: string;
    readonly rule: string;
    readonly container: string;
    readonly host: string;
  }[];
  /** Null when it was never rendered. */
  readonly subject: string | null;
  readonly recipients: readonly MailRecipient[];
  /** Why it was held back: `silence default/deploy`, `inhibited by host local is unreachable`, `budget`, `acknowledged`. */
  readonly heldBackBy: string | null;
  /** Whether `api/mails/:id/html` has it. */
  readonly html: boolean;
}

export interface MailRecipient {
  /** An address, or how a webhook is named in the settings; never its secret. */
  readonly recipient: string;
  readonly state: 'sent' | 'waiting' | 'refused';
  readonly messageId: string | null;
  /** Why it was refused or has to wait. */
  readonly reason: string | null;
  readonly attempts: number;
}

/** `POST api/mails/test`. */
export interface TestMailRequest {
  /** Default: the recipients of the settings. */
  readonly to?: string;
}

export interface TestMailAnswer {
  readonly results: readonly { readonly recipient: string; readonly sent: boolean; readonly message: string }[];
}
