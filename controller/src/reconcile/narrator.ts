import type { KubeObject } from '../kube/client.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { Alert, AlertChange } from '../model/alert.ts';
import type { Notification } from '../model/notification.ts';
import { budgetEvent, tellingEvent, type AlertEvent } from './alert-history.ts';
import type { Attempt } from './attempt.ts';
import { alertEvent, deliveryEvent, type PolicyEvent } from './policy-events.ts';

/** Says in Events what happens: of policies, and of each alert how it is told. */
export interface Narrator {
  alertChanged(change: AlertChange): void;
  delivered(result: Attempt): void;
  /** A message that the budget of mails begins to hold back. */
  heldBack(notification: Notification): void;
}

export interface NarratorDeps {
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly policyObject: (policyKey: string) => KubeObject | undefined;
  readonly alertObject: (alert: Alert) => KubeObject | undefined;
}

export function createNarrator({ recorder, policyObject, alertObject }: NarratorDeps): Narrator {
  function say(about: KubeObject | undefined, event: PolicyEvent | AlertEvent | undefined): void {
    if (about !== undefined && event !== undefined) recorder.record(about, event.type, event.reason, event.message);
  }
  return {
    alertChanged: (change) => say(policyObject(change.alert.policy), alertEvent(change)),
    delivered(result) {
      const { policy, alerts } = result.notification;
      say(policyObject(policy), deliveryEvent(result));
      for (const told of alerts) say(alertObject(told.alert), tellingEvent(told, result));
    },
    heldBack({ alerts }) {
      for (const { alert, reason } of alerts) say(alertObject(alert), budgetEvent(reason));
    },
  };
}
