import type { Severity } from '../../model/severity.ts';
import type { AlertView } from '../view.ts';

/** `GET api/alerts?from&to&state&limit`: what was pending or firing in that time, newest first. */
export interface AlertsAnswer {
  readonly from: number;
  readonly to: number;
  readonly alerts: readonly AlertStory[];
  /** Older ones that the answer has no room for. */
  readonly leftOut: number;
  /** Firings before this are no longer known. */
  readonly knownSince: number;
}

/** One firing of an alert, or the breach that has not fired yet. Known ones are those of `AlertView`. */
export interface AlertStory extends AlertView {
  /** Id of the target. */
  readonly target: string;
  readonly pendingSince: number;
  readonly resolvedReason: string | null;
  readonly actions: readonly string[];
  readonly values: Readonly<Record<string, number | string | boolean>>;
  readonly silencedBy: string | null;
  readonly inhibitedBy: string | null;
  readonly acknowledgedBy: string | null;
  /** Name of its Alert object, for kubectl; null when that is gone. */
  readonly objectName: string | null;
  /** Oldest first. */
  readonly timeline: readonly AlertMoment[];
}

export interface AlertMoment {
  readonly at: number;
  readonly kind:
    | 'pending'
    | 'fired'
    | 'escalated'
    | 'deescalated'
    | 'resolved'
    | 'dropped'
    | 'told'
    | 'refused'
    | 'silenced'
    | 'unsilenced'
    | 'inhibited'
    | 'uninhibited'
    | 'acknowledged'
    | 'unacknowledged';
  readonly severity: Severity | null;
  /** Why, or by whom; for people. */
  readonly reason: string;
}

/** `POST api/alerts/acknowledge`. Answers `DoneAnswer`; 404 when there is no such alert. */
export interface AcknowledgeRequest {
  readonly key: string;
  readonly acknowledged: boolean;
}

/** `POST api/silences`: exactly one of `alertKey`, `target` and `matchers`, exactly one of `durationMs` and `until`. */
export interface SilenceRequest {
  readonly alertKey?: string;
  /** Id of a container: everything about it. */
  readonly target?: string;
  readonly matchers?: SilenceMatchers;
  readonly durationMs?: number;
  readonly until?: number;
  readonly comment: string;
  /** Namespace of the policies that it is about; needed with `matchers` only. Default `default`. */
  readonly namespace?: string;
}

/** Empty or absent matches all; all that are given must hold. */
export interface SilenceMatchers {
  readonly policies?: readonly string[];
  readonly rules?: readonly string[];
  readonly severities?: readonly Severity[];
  /** Globs. */
  readonly containerNames?: readonly string[];
  readonly matchLabels?: Readonly<Record<string, string>>;
}

/** Answer of `POST api/silences`: one for each namespace that has policies about the target. */
export interface SilenceCreatedAnswer {
  readonly silences: readonly SilenceView[];
}

/** `GET api/silences`. */
export interface SilencesAnswer {
  readonly silences: readonly SilenceView[];
}

export interface SilenceView {
  /** `namespace/name`; also what `DELETE api/silences?name=` takes. */
  readonly name: string;
  readonly state: 'pending' | 'active' | 'expired' | 'unknown';
  readonly startsAt: number | null;
  /** Null: for ever, by a schedule. */
  readonly endsAt: number | null;
  readonly matchers: SilenceMatchers;
  /** `every Sat, Sun 22:00 to 06:00 Europe/Berlin`. */
  readonly schedule: string | null;
  readonly comment: string;
  readonly createdBy: string | null;
  /** Alerts that it holds back now. */
  readonly silencing: number;
}
