import type { FiringAlert, ResolvedAlert } from './alert.ts';
import type { Digest } from './budget.ts';
import type { BreachedMetric, Chart } from './chart.ts';
import type { InlinePicture, MailThread } from './mail-parts.ts';
import type { Severity } from './severity.ts';

export const notificationReasons = ['first', 'escalated', 'reminder', 'resolved'] as const;
export type NotificationReason = (typeof notificationReasons)[number];

/** One message that is due, decided but not yet rendered or sent. */
export interface Notification {
  /** Stable for the same message: a retry carries the same id. */
  readonly id: string;
  /** Of the alert that leads; the others may be told for other reasons. */
  readonly reason: NotificationReason;
  readonly policy: string;
  readonly severity: Severity;
  /** Worst first, what fires before what has ended; empty only in a digest whose alerts are all gone. */
  readonly alerts: readonly NotifiedAlert[];
  readonly from: string;
  readonly to: readonly string[];
  readonly dueAt: number;
  /** It stands for messages that were held back, and reads as their list. */
  readonly digest?: Digest | undefined;
}

export interface NotifiedAlert {
  readonly alert: FiringAlert | ResolvedAlert;
  /** Why this one is told. */
  readonly reason: NotificationReason;
  /** What the reader needs to act; gathered when the message is rendered. */
  readonly context: AlertContext;
}

export interface AlertContext {
  readonly image: string;
  readonly state: string;
  readonly metrics: readonly MetricReading[];
  /** Last entries of metrics.log and status.log about this container, oldest first, at most 10. */
  readonly logEntries: readonly string[];
  /** Name of the Alert object, for the command that acknowledges it; absent while there is none. */
  readonly objectName?: string | undefined;
  /** How a container that crashed, stopped or is not healthy stands; absent for one that runs well. */
  readonly end?: ContainerEnd | undefined;
  /** What its rule is about, when that is a metric. */
  readonly breached?: BreachedMetric | undefined;
  /** The past of that metric; gathered when the message is sent, as `output` is. */
  readonly chart?: Chart | undefined;
  /** Last lines that the container itself wrote, oldest first; hostile text. */
  readonly output?: readonly string[] | undefined;
}

/** What is known of why a container does not run, or not well. */
export interface ContainerEnd {
  readonly exitCode?: number | undefined;
  readonly oomKilled: boolean;
  readonly restarts: number;
  /** `crashed: it ended by itself`. */
  readonly cause: string;
}

/** One row of the table of current metrics: `CPU`, `85.2 %`, `> 80`. */
export interface MetricReading {
  readonly label: string;
  readonly value: string;
  readonly threshold?: string | undefined;
  /** It is past its threshold. */
  readonly breached?: boolean | undefined;
}

/** What a reader sees of a message; the same for all its recipients. */
export interface EmailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly thread?: MailThread | undefined;
  readonly pictures?: readonly InlinePicture[] | undefined;
}

/** A message as a notifier takes it: one for each recipient, so that a bad one costs the others nothing. */
export interface EmailMessage extends EmailContent {
  /** The notification's id. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** How sending went. The adapter classifies; the outbox waits. */
export type Delivery =
  | { readonly kind: 'sent'; readonly messageId: string }
  /** `throttled` and `quota` are SES's own limits, `paused` and `credentials` need an operator, `network` and `server` pass. */
  | {
      readonly kind: 'retry';
      readonly reason: 'throttled' | 'quota' | 'paused' | 'credentials' | 'network' | 'server' | 'timeout';
      readonly message: string;
      /** Least wait that the answer asks for. */
      readonly afterMs?: number | undefined;
    }
  | {
      readonly kind: 'rejected';
      readonly reason: 'address' | 'sender' | 'content' | 'config';
      readonly message: string;
    };
