import type { NotifySpec } from '../model/policy.ts';

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
  if (webhooks.length === 0) return notify;
  const from = notify.from ?? defaults.from;
  const mails = from === undefined ? [] : (notify.to ?? defaults.to);
  return { ...notify, from: from ?? NO_SENDER, to: [...mails, ...webhooks] };
}

/** Stands where no mail is sent. */
const NO_SENDER = '';
