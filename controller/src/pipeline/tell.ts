import type { AlertBook } from '../alert/book.ts';
import type { Due } from '../alert/due.ts';
import { isWaived, planNotifications, type Planned, type PlannedMessage } from '../alert/plan.ts';
import type { SendResult, Told } from '../alert/told.ts';
import type { Alert } from '../model/alert.ts';
import type { AlertContext, Notification, NotifiedAlert } from '../model/notification.ts';
import type { Instruments } from '../model/instruments.ts';
import type { Budget } from '../notify/budget-keeper.ts';
import type { DeliveryResult, Outbox } from '../notify/outbox.ts';
import type { Problems } from '../problems.ts';
import { applyBudget } from './apply-budget.ts';
import { noteDelivery } from './last-notification.ts';
import type { Ledger } from './ledger.ts';
import { notifyPolicies, type DefaultRecipients } from './recipients.ts';
import type { Runs } from './runs.ts';

/** The last stage: what is due is handed to the outbox, and what was sent is noted in the alerts. */
export interface Teller {
  tell(now: number): void;
  /** Takes how the sending of a message went. */
  delivered(result: DeliveryResult): void;
}

export interface TellDeps {
  readonly book: AlertBook;
  readonly ledger: Ledger;
  readonly runs: Runs;
  readonly outbox: Outbox;
  /** Absent: everything goes. */
  readonly budget?: Budget | undefined;
  readonly instruments?: Instruments | undefined;
  /** Told once of a message that the budget begins to hold back. */
  readonly onHeldBack?: ((notification: Notification) => void) | undefined;
  readonly problems: Problems;
  readonly defaults: DefaultRecipients;
  readonly alertRetentionMs: number;
  readonly context: (alert: Alert) => AlertContext;
}

const PROBLEM = 'notifier';

export function createTeller(deps: TellDeps): Teller {
  const { book, ledger, runs } = deps;
  const noteHeld = createHeldWatch(deps.onHeldBack);
  return {
    tell(now) {
      const planned = planNow(deps, now);
      const due = planned.flatMap((message) =>
        message.kind === 'message' ? [toNotification(message, deps.context, now)] : [],
      );
      const { send, held } = applyBudget(deps, due, now);
      deps.outbox.offer(send, now);
      noteHeld(held);
      for (const { members } of planned.filter(isWaived)) {
        ledger.write(book.markNotified(members.map(toldOf), { kind: 'waived' }, now));
      }
      forgetOld(deps, now);
      noteTrouble(deps);
    },
    delivered(result) {
      const { notification, outcome, at } = result;
      deps.budget?.delivered(result);
      deps.instruments?.notified(
        notification.digest === undefined ? notification.reason : 'digest',
        result.delivery.kind,
      );
      const run = runs.get(notification.policy);
      if (run !== undefined) noteDelivery(run, result);
      if (outcome === 'open') return;
      ledger.write(book.markNotified(notification.alerts.map(toldOf), resultOf(result), at));
    },
  };
}

/** Says of each message once that it is held back, for as long as it is. */
function createHeldWatch(onHeldBack: TellDeps['onHeldBack']): (held: readonly Notification[]) => void {
  let known: ReadonlySet<string> = new Set();
  return (held) => {
    for (const notification of held) {
      const alerts = notification.alerts.filter((one) => !known.has(newsKey(one)));
      if (alerts.length > 0) onHeldBack?.({ ...notification, alerts });
    }
    known = new Set(held.flatMap(({ alerts }) => alerts.map(newsKey)));
  };
}

function newsKey({ alert, reason }: NotifiedAlert): string {
  return `${alert.key} ${reason}`;
}

function planNow({ book, ledger, runs, defaults }: TellDeps, now: number): readonly Planned[] {
  return planNotifications({
    alerts: book.list(),
    policies: notifyPolicies(runs, defaults),
    defaults,
    now,
    hold: ({ key }) => (ledger.isUnderWay(key) ? 'its object is being written' : undefined),
  });
}

function toNotification(message: PlannedMessage, context: TellDeps['context'], now: number): Notification {
  const { id, reason, policy, severity, from, to } = message;
  const alerts = message.members.map((member) => ({
    ...member,
    alert: asItHappened(member),
    context: context(member.alert),
  }));
  return { id, reason, policy, severity, from, to, alerts, dueAt: now };
}

/** An event that is over by the time it is told (mail was away) reads as it did: nobody waits for its end. */
function asItHappened({ alert, reason }: Due): Due['alert'] {
  return alert.state === 'resolved' && reason !== 'resolved' ? { ...alert, state: 'firing' } : alert;
}

function resultOf({ delivery, outcome }: DeliveryResult): SendResult {
  if (outcome === 'sent' || delivery.kind === 'sent') return { kind: 'sent' };
  return { kind: 'rejected', reason: delivery.message };
}

function toldOf({ alert, reason }: Due): Told {
  return { key: alert.key, reason, severity: alert.severity };
}

/** Mail in trouble is everybody's business: said in the log and on the page until one goes out again. */
function noteTrouble({ outbox, problems }: TellDeps): void {
  const { lastError } = outbox.snapshot();
  if (lastError === undefined) problems.clear(PROBLEM);
  else problems.raise(PROBLEM, 'MailNotDelivered', lastError);
}

function forgetOld({ book, ledger, alertRetentionMs }: TellDeps, now: number): void {
  const resolved = book.list().filter(({ state }) => state === 'resolved');
  const pruned = new Set(book.prune(alertRetentionMs, now));
  ledger.erase(resolved.filter(({ key }) => pruned.has(key)));
}
