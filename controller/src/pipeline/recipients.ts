import type { NotifyPolicy } from '../alert/due.ts';
import { readersOf } from '../alert/readers.ts';
import type { NotifySpec } from '../model/policy.ts';
import { parseWebhookRecipient } from '../model/webhook.ts';
import type { Runs } from './runs.ts';

/** Whom the controller tells when a policy does not say. */
export interface DefaultRecipients {
  /** Sender of mails. */
  readonly from?: string | undefined;
  readonly to: readonly string[];
  /** Recipients that name a webhook. */
  readonly webhooks?: readonly string[] | undefined;
}

/**
 * What a policy says about telling, with its webhooks among the recipients. Mail needs a sender; where there is none, the
 * webhooks are told alone.
 */
export function withWebhooks(notify: NotifySpec, defaults: DefaultRecipients): NotifySpec {
  const webhooks = notify.webhooks ?? defaults.webhooks ?? [];
  const routes = notify.routes ?? [];
  if (webhooks.length === 0 && !routes.some(({ to }) => to.some(isWebhook))) return notify;
  const from = notify.from ?? defaults.from;
  const reachable = (to: readonly string[]): readonly string[] => (from === undefined ? to.filter(isWebhook) : to);
  return {
    ...notify,
    from: from ?? NO_SENDER,
    to: [...reachable(notify.to ?? defaults.to), ...webhooks],
    routes: routes.map(({ minSeverity, to }) => ({ minSeverity, to: reachable(to) })),
  };
}

/** What the policies in force say about telling, by key. */
export function notifyPolicies(runs: Runs, defaults: DefaultRecipients): ReadonlyMap<string, NotifyPolicy> {
  return new Map(
    runs.list().map(({ policy }) => [policy.key, { ...policy, notify: withWebhooks(policy.notify, defaults) }]),
  );
}

/** Who is told of alerts of some severity; nobody by mail where there is no sender. */
export function allRecipients(notify: NotifySpec, defaults: DefaultRecipients): readonly string[] {
  const whole = withWebhooks(notify, defaults);
  const all = readersOf(whole, defaults.to, 'critical');
  return (whole.from ?? defaults.from) === undefined ? [] : all;
}

function isWebhook(recipient: string): boolean {
  return parseWebhookRecipient(recipient) !== undefined;
}

/** Stands where no mail is sent. */
const NO_SENDER = '';
