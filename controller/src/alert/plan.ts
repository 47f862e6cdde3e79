import { createHash } from 'node:crypto';
import type { Alert, FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { NotificationReason } from '../model/notification.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { dueReason, type Due, type NotifyPolicy } from './due.ts';
import { saysRestarting, toldAlong, type Spoken } from './fold.ts';
import { groupDue, isReady, severityOf, type Group } from './group.ts';
import { readersOf } from './readers.ts';

/** A message that is due, or would be. */
export type Planned = PlannedMessage | SkippedMessage;

export interface PlannedMessage extends PlannedBase {
  readonly kind: 'message';
  /** The same for the same message at every tick, until it was sent. */
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** Without recipients or sender it stays due as long as its cause lasts; the others are to be marked as waived. */
export interface SkippedMessage extends PlannedBase {
  readonly kind: 'skipped';
  readonly skipped: 'NoRecipients' | 'NoSender' | 'ResolvedNotWanted' | 'ToldAlong';
}

/** Whether nobody needs it any more. */
export function isWaived(message: Planned): boolean {
  return message.kind === 'skipped' && (message.skipped === 'ResolvedNotWanted' || message.skipped === 'ToldAlong');
}

interface PlannedBase {
  /** Reason and severity of the first member. */
  readonly reason: NotificationReason;
  readonly policy: string;
  readonly severity: Severity;
  /** Worst first, what fires before what has ended. */
  readonly members: Group;
}

export interface PlanInput {
  readonly alerts: readonly Alert[];
  /** By policy key; of a policy that is not here nothing is due. */
  readonly policies: ReadonlyMap<string, NotifyPolicy>;
  readonly defaults: Addresses;
  readonly now: number;
  /** Why nothing may be said about an alert for now (its object is being written); asked again at every tick. */
  readonly hold?: ((alert: FiringAlert | ResolvedAlert, reason: NotificationReason) => string | undefined) | undefined;
}

/** The controller's sender and recipients. */
export interface Addresses {
  readonly from?: string | undefined;
  readonly to: readonly string[];
}

/**
 * What is due now: one message for each policy and its readers, with all that is due for them. Says the same again until
 * the book is told how it went.
 */
export function planNotifications(input: PlanInput): readonly Planned[] {
  const due = input.alerts.flatMap((alert) => findDue(alert, input) ?? []);
  const ways = waysOf(due, input);
  const groups = groupDue(due, (one) => JSON.stringify([one.alert.policy, ways.get(one)]));
  const lastAt = groups.length === 0 ? new Map<string, number>() : lastMessages(input.alerts);
  return groups
    .flatMap((members) => plan(members, ways.get(members[0]), { input, lastAt }) ?? [])
    .toSorted((a, b) => compareSeverity(b.severity, a.severity));
}

function findDue(alert: Alert, { policies, now, hold }: PlanInput): Due | undefined {
  const policy = policies.get(alert.policy);
  const reason = policy && dueReason(alert, policy, now);
  if (reason === undefined || alert.state === 'pending') return undefined;
  return hold?.(alert, reason) === undefined ? { alert, reason } : undefined;
}

type Way =
  | { readonly kind: 'message'; readonly from: string; readonly to: readonly string[] }
  | { readonly kind: 'skipped'; readonly skipped: SkippedMessage['skipped'] };

/** How to tell each, and to whom. */
function waysOf(due: readonly Due[], input: PlanInput): ReadonlyMap<Due, Way> {
  const ways = new Map(due.map((one) => [one, wayOf(one, input)]));
  const addressed = [...ways].map(([key, way]) => ({ due: key, to: way.kind === 'message' ? way.to : [] }));
  const spoken = due.length === 0 ? [] : spokenOf(input);
  for (const one of toldAlong(addressed, spoken)) ways.set(one, { kind: 'skipped', skipped: 'ToldAlong' });
  return ways;
}

/** What has been told of the restarts of a container, to whom. */
function spokenOf({ alerts, policies, defaults }: PlanInput): readonly Spoken[] {
  return alerts.flatMap((alert) => {
    const notify = policies.get(alert.policy)?.notify;
    const isTold = alert.notified.toldSeverity !== undefined && saysRestarting(alert);
    return isTold && notify !== undefined ? [{ alert, to: readersOf(notify, defaults.to, alert.severity) }] : [];
  });
}

function wayOf(due: Due, { policies, defaults }: PlanInput): Way {
  const { alert, reason } = due;
  const notify = policies.get(alert.policy)?.notify;
  if (reason === 'resolved' && notify?.sendResolved === false) return { kind: 'skipped', skipped: 'ResolvedNotWanted' };
  const to = notify === undefined ? [] : readersOf(notify, defaults.to, severityOf(due));
  if (to.length === 0) return { kind: 'skipped', skipped: 'NoRecipients' };
  const from = notify?.from ?? defaults.from;
  return from === undefined ? { kind: 'skipped', skipped: 'NoSender' } : { kind: 'message', from, to };
}

interface PlanTime {
  readonly input: PlanInput;
  readonly lastAt: ReadonlyMap<string, number>;
}

function plan(members: Group, way: Way | undefined, { input, lastAt }: PlanTime): Planned | undefined {
  const [leading] = members;
  const { policy: key } = leading.alert;
  const policy = input.policies.get(key);
  if (policy === undefined || way === undefined) return undefined;
  const message = { reason: leading.reason, policy: key, severity: severityOf(leading), members };
  if (way.kind === 'skipped') return { ...way, ...message };
  const ready = isReady(members, { policy, lastAt: lastAt.get(key), now: input.now });
  return ready ? { ...way, id: idOf(key, members), ...message } : undefined;
}

/** When each policy's last message was accepted: it stands in the alerts, so that a restart knows it too. */
function lastMessages(alerts: readonly Alert[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { policy, notified } of alerts) {
    if (notified.lastAt !== undefined) last.set(policy, Math.max(notified.lastAt, last.get(policy) ?? 0));
  }
  return last;
}

/** Made of what is told: a group that another alert joins is another message. */
function idOf(policy: string, members: Group): string {
  const said = members.map(({ alert, reason }) => [alert.key, alert.firedAt, reason, alert.notified.count].join('@'));
  return `${policy}#${createHash('sha256').update(said.toSorted().join('+')).digest('hex').slice(0, ID_LENGTH)}`;
}

/** Hexadecimal digits: 64 bits, for at most some thousand messages that are compared with each other. */
const ID_LENGTH = 16;
