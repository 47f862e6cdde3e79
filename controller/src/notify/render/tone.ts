import type { FiringAlert, ResolvedAlert } from '../../model/alert.ts';
import type { InlinePicture } from '../../model/mail-parts.ts';
import type { NotificationReason } from '../../model/notification.ts';
import type { Severity } from '../../model/severity.ts';
import { formatSpan } from './format-time.ts';

export interface RenderContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How people reach the dashboard: `http://localhost:8001`. */
  readonly dashboardUrl: string;
  /** IANA name of the zone that times are written in: `Europe/Berlin`. */
  readonly timeZone: string;
  /** By key of the alert whose chart it is. */
  readonly pictures?: ReadonlyMap<string, InlinePicture> | undefined;
}

/** Decides the colours; the word beside them says the same. */
export type Tone = Severity | 'resolved';

type ToldAlert = FiringAlert | ResolvedAlert;

export function toneOf(alert: ToldAlert): Tone {
  return alert.state === 'resolved' ? 'resolved' : alert.severity;
}

/** How soon somebody is expected to look. */
const expectedReaction: Readonly<Record<Severity, string>> = {
  critical: 'React within minutes.',
  warning: 'React within 30 minutes.',
  info: 'Look at it in the next business hours.',
};

const resolvedBecause: Readonly<Record<ResolvedAlert['resolvedReason'], string>> = {
  cleared: 'The condition has cleared. No action is needed.',
  event: 'It was a single event. No action is needed.',
  targetGone: 'The container is no longer watched by this policy: it was removed or relabelled.',
  ruleGone: 'The rule is no longer in the policy.',
  policyGone: 'The policy was deleted.',
  suspended: 'The policy is suspended: nobody watches this container for it now.',
};

/** Why the mail comes, for how long it has been so, and what is expected. */
export function bannerOf(reason: NotificationReason, alert: ToldAlert, now: number): string {
  if (alert.state === 'resolved') {
    return `After ${formatSpan(alert.resolvedAt - alert.firedAt)}. ${resolvedBecause[alert.resolvedReason]}`;
  }
  const reaction = expectedReaction[alert.severity];
  if (reason === 'reminder') return `Reminder: still so after ${formatSpan(now - alert.firedAt)}. ${reaction}`;
  if (reason !== 'escalated') return reaction;
  const from = alert.notified.toldSeverity;
  return `Escalated${from === undefined ? '' : ` from ${from.toUpperCase()}`}. ${reaction}`;
}
