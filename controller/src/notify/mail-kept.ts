import type { Alert } from '../model/alert.ts';
import type { EmailContent, Notification } from '../model/notification.ts';
import type { Severity } from '../model/severity.ts';
import type { DeliveryResult } from './outbox.ts';
import type { TestMailResult } from './test-mail.ts';

/** A message as people look it up: to whom it went, or why it did not. */
export interface KeptMail {
  readonly id: string;
  readonly at: number;
  readonly state: 'sent' | 'waiting' | 'heldBack' | 'refused';
  readonly reason: string;
  readonly severity: Severity;
  readonly policy: string;
  readonly about: readonly KeptSubject[];
  readonly subject: string | null;
  readonly recipients: readonly KeptRecipient[];
  readonly heldBackBy: string | null;
  readonly html: boolean;
}

interface KeptSubject {
  readonly alert: string;
  readonly rule: string;
  readonly container: string;
  readonly host: string;
}

export interface KeptRecipient {
  readonly recipient: string;
  readonly state: 'sent' | 'waiting' | 'refused';
  readonly messageId: string | null;
  readonly reason: string | null;
  readonly attempts: number;
}

const MAX_ABOUT = 50;
const MAX_RECIPIENTS = 50;

/** One of which nothing is known but that it is due. */
export function newMail({ id, reason, severity, policy, alerts, to, digest }: Notification, at: number): KeptMail {
  const recipients = [...new Set(to)].slice(0, MAX_RECIPIENTS);
  return {
    id,
    at,
    state: 'waiting',
    reason: digest === undefined ? reason : 'digest',
    severity,
    policy,
    about: alerts.slice(0, MAX_ABOUT).map(({ alert }) => subjectOf(alert)),
    subject: null,
    recipients: recipients.map((recipient) => ({
      recipient,
      state: 'waiting',
      messageId: null,
      reason: null,
      attempts: 0,
    })),
    heldBackBy: null,
    html: false,
  };
}

function subjectOf({ key, rule, target }: Alert): KeptSubject {
  return { alert: key, rule, container: target.name, host: target.host };
}

/** What would have been told of an alert, did nothing hold it back; undefined when nothing does. */
export function heldMail(alert: Alert, at: number): KeptMail | undefined {
  if (alert.state !== 'firing') return undefined;
  const heldBackBy = holderOf(alert);
  if (heldBackBy === undefined) return undefined;
  const isTold = alert.notified.toldSeverity !== undefined;
  return {
    id: `held:${alert.key}@${alert.firedAt}`,
    at,
    state: 'heldBack',
    reason: isTold ? 'reminder' : 'first',
    severity: alert.severity,
    policy: alert.policy,
    about: [subjectOf(alert)],
    subject: null,
    recipients: [],
    heldBackBy,
    html: false,
  };
}

function holderOf({ silencedBy, inhibitedBy, acknowledgedBy }: Alert): string | undefined {
  if (silencedBy !== undefined) return `silence ${silencedBy}`;
  if (inhibitedBy !== undefined) return `inhibited by ${inhibitedBy}`;
  return acknowledgedBy === undefined ? undefined : `acknowledged by ${acknowledgedBy}`;
}

/** The recipients with how another attempt went. */
export function withResult(
  recipients: readonly KeptRecipient[],
  { recipient, delivery }: DeliveryResult,
): readonly KeptRecipient[] {
  const before = recipients.find((one) => one.recipient === recipient);
  const after: KeptRecipient = {
    recipient,
    state: delivery.kind === 'rejected' ? 'refused' : delivery.kind === 'sent' ? 'sent' : 'waiting',
    messageId: delivery.kind === 'sent' ? delivery.messageId : null,
    reason: delivery.kind === 'sent' ? null : delivery.message,
    attempts: (before?.attempts ?? 0) + 1,
  };
  if (before === undefined) return [...recipients, after].slice(-MAX_RECIPIENTS);
  return recipients.map((one) => (one === before ? after : one));
}

/** Sent once anybody has it. */
export function stateOf(recipients: readonly KeptRecipient[]): KeptMail['state'] {
  if (recipients.some(({ state }) => state === 'sent')) return 'sent';
  return recipients.every(({ state }) => state === 'refused') ? 'refused' : 'waiting';
}

/** The page of a mail with its pictures in it: a page cannot show what is attached to a mail. */
export function selfContained({ html, pictures = [] }: EmailContent): string {
  return pictures.reduce(
    (page, { contentId, png }) =>
      page.replaceAll(`cid:${contentId}`, `data:image/png;base64,${Buffer.from(png).toString('base64')}`),
    html,
  );
}

/** A test as it went. */
export function testedMail(
  results: readonly TestMailResult[],
  { id, at, subject, html }: Pick<KeptMail, 'id' | 'at' | 'subject' | 'html'>,
): KeptMail {
  const recipients = results.slice(0, MAX_RECIPIENTS).map(({ to, delivery }): KeptRecipient => ({
    recipient: to,
    state: delivery.kind === 'sent' ? 'sent' : 'refused',
    messageId: delivery.kind === 'sent' ? delivery.messageId : null,
    reason: delivery.kind === 'sent' ? null : delivery.message,
    attempts: 1,
  }));
  const nothing = { policy: '', about: [], heldBackBy: null } as const;
  return {
    id,
    at,
    state: stateOf(recipients),
    reason: 'test',
    severity: 'info',
    subject,
    recipients,
    html,
    ...nothing,
  };
}
