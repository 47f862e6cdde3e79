import type { WantedCondition } from '../kube/conditions.ts';
import type { EmailSnapshot, PolicySnapshot, RecipientSnapshot } from '../model/snapshot.ts';
import { channelKindOf } from '../model/webhook.ts';

/** Recipients that a message names. */
const MAX_NAMED = 5;

/** Of the Alertmanager that is kept informed, where one is set. */
export interface AlertmanagerSnapshot {
  /** Why the last push was not taken. */
  readonly lastError?: string | undefined;
}

export interface DeliveryFacts {
  readonly snapshot: Pick<PolicySnapshot, 'recipients' | 'heldBack'>;
  readonly email: EmailSnapshot;
  readonly alertmanager?: AlertmanagerSnapshot | undefined;
}

/** NotificationsDelivered: false names who was not told, by which channel, and why. */
export function deliveryCondition({ snapshot, email, alertmanager }: DeliveryFacts): WantedCondition {
  const { recipients, heldBack } = snapshot;
  if (recipients.length === 0 && alertmanager === undefined) return condition('False', 'NoRecipients', email.message);
  const failures = failuresOf(recipients, alertmanager);
  const others = wellOf(recipients, alertmanager);
  if (failures[0] !== undefined) {
    const named = failures.slice(0, MAX_NAMED).map(({ message }) => message);
    const more = failures.length > named.length ? [`and ${failures.length - named.length} more`] : [];
    return condition('False', failures[0].reason, [...named, ...more, ...others].join('; '));
  }
  if (heldBack !== undefined) {
    const held = `messages held back: ${heldBack}; most of the budget of mails is spent`;
    return condition('False', 'BudgetSpent', [held, ...others].join('; '));
  }
  return condition('True', 'Delivered', others.join('; '));
}

interface Failure {
  readonly reason: string;
  readonly message: string;
}

function failuresOf(
  recipients: readonly RecipientSnapshot[],
  alertmanager: AlertmanagerSnapshot | undefined,
): readonly Failure[] {
  const failed = recipients.flatMap(({ recipient, last }): readonly Failure[] =>
    last?.error === undefined
      ? []
      : [{ ...last.error, message: `${channelKindOf(recipient)} to ${recipient}: ${last.error.message}` }],
  );
  const error = alertmanager?.lastError;
  return error === undefined ? failed : [...failed, { reason: 'Retrying', message: `alertmanager: ${error}` }];
}

/** `accepted by email, slack`; `nothing had to be sent yet by webhook`. */
function wellOf(
  recipients: readonly RecipientSnapshot[],
  alertmanager: AlertmanagerSnapshot | undefined,
): readonly string[] {
  const well = recipients.filter(({ last }) => last?.error === undefined);
  const accepted = channelsOf(well.filter(({ last }) => last !== undefined));
  const informed = alertmanager !== undefined && alertmanager.lastError === undefined ? ['alertmanager'] : [];
  const idle = channelsOf(well).filter((channel) => !accepted.includes(channel));
  const taken = [...accepted, ...informed];
  return [
    ...(taken.length === 0 ? [] : [`accepted by ${taken.join(', ')}`]),
    ...(idle.length === 0 ? [] : [`nothing had to be sent yet by ${idle.join(', ')}`]),
  ];
}

function channelsOf(recipients: readonly RecipientSnapshot[]): readonly string[] {
  return [...new Set(recipients.map(({ recipient }) => channelKindOf(recipient)))];
}

function condition(status: WantedCondition['status'], reason: string, message: string): WantedCondition {
  return { type: 'NotificationsDelivered', status, reason, message };
}
