import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Fence } from '../model/leadership.ts';
import type { Delivery, Notification } from '../model/notification.ts';
import { parseWebhookRecipient, type WebhookAddress, type WebhookFormat } from '../model/webhook.ts';
import { alertmanagerWebhook } from './alertmanager.ts';
import { postJson } from './post-json.ts';
import { slackMessage } from './slack.ts';

/** Tells a web address. Never rejects; ends by its own deadline. */
export interface WebhookNotifier {
  /** Undefined for a recipient that is no webhook. */
  deliver(notification: Notification, recipient: string): Promise<Delivery> | undefined;
}

export interface WebhookDeps {
  readonly clock: Clock;
  readonly env: Config['env'];
  /** Addresses of WEBHOOK_URLS, in their order. */
  readonly urls: readonly string[];
  /** Signs the calls to those. */
  readonly secret?: string | undefined;
  readonly dashboardUrl: string;
  readonly timeZone: string;
  /** Before each call; absent: all of them may go. */
  readonly fence?: Fence | undefined;
}

/** Addresses come from settings and policies, which only operators write; see docs/policies.md about what that means. */
export function createWebhookNotifier(deps: WebhookDeps): WebhookNotifier {
  function bodyOf(format: WebhookFormat, notification: Notification): unknown {
    const { dashboardUrl, timeZone } = deps;
    if (format === 'alertmanager') return alertmanagerWebhook(notification, dashboardUrl);
    return slackMessage(notification, { now: deps.clock.now(), dashboardUrl, timeZone });
  }

  function urlOf(address: WebhookAddress): string | undefined {
    if (address.kind === 'url') return address.url;
    return address.kind === 'env' ? deps.env[address.name]?.trim() : deps.urls[address.number - 1];
  }

  return {
    deliver(notification, recipient) {
      const spec = parseWebhookRecipient(recipient);
      if (spec === undefined) return undefined;
      const { format, address, secretEnv } = spec;
      const url = urlOf(address);
      if (url === undefined || url === '') return refused(`${recipient} names no address that is set`);
      const secret = secretEnv === undefined ? undefined : deps.env[secretEnv];
      if (secretEnv !== undefined && (secret === undefined || secret === '')) return refused(`${secretEnv} is not set`);
      const key = address.kind === 'setting' ? deps.secret : secret;
      const body = bodyOf(format, notification);
      return postJson(deps.clock, { url, body, id: notification.id, secret: key, fence: deps.fence });
    },
  };
}

/** An unsigned call in place of a signed one would be refused there, or worse, taken. */
function refused(why: string): Promise<Delivery> {
  return Promise.resolve({
    kind: 'rejected',
    reason: 'config',
    message: `${why}. Set it for the controller and restart.`,
  });
}
