export const webhookFormats = ['alertmanager', 'slack'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** Where a webhook's address and key are; the name of it is a recipient that may stand in logs and status. */
export interface WebhookSpec {
  readonly format: WebhookFormat;
  readonly address: WebhookAddress;
  /** Environment variable of the controller with the key of the signature. */
  readonly secretEnv?: string | undefined;
}

export type WebhookAddress =
  | { readonly kind: 'url'; readonly url: string }
  /** Environment variable of the controller with the address: for one that is a secret, as Slack's are. */
  | { readonly kind: 'env'; readonly name: string }
  /** Which of WEBHOOK_URLS, from 1. */
  | { readonly kind: 'setting'; readonly number: number };

const pattern =
  /^(alertmanager|slack)\+(?:env:([A-Za-z_]\w*)|setting:(\d{1,3})|(https?:\/\/[^\s#]+))(?:#secretEnv=([A-Za-z_]\w*))?$/;

/** `slack+env:SLACK_URL`, `alertmanager+https://hooks.example.org/alerts#secretEnv=HOOK_SECRET`. */
export function webhookRecipient({ format, address, secretEnv }: WebhookSpec): string {
  return `${format}+${placeOf(address)}${secretEnv === undefined ? '' : `#secretEnv=${secretEnv}`}`;
}

function placeOf(address: WebhookAddress): string {
  switch (address.kind) {
    case 'url':
      return address.url.split('#', 1).join('');
    case 'env':
      return `env:${address.name}`;
    case 'setting':
      return `setting:${address.number}`;
    default:
      return address satisfies never;
  }
}

/** The webhook that a recipient names; undefined for a mail address. */
export function parseWebhookRecipient(recipient: string): WebhookSpec | undefined {
  const match = pattern.exec(recipient);
  const [, formatName, env, setting, url, secretEnv] = match ?? [];
  const format = webhookFormats.find((known) => known === formatName);
  if (format === undefined) return undefined;
  if (env !== undefined) return { format, address: { kind: 'env', name: env }, secretEnv };
  if (setting !== undefined) return { format, address: { kind: 'setting', number: Number(setting) }, secretEnv };
  return url === undefined ? undefined : { format, address: { kind: 'url', url }, secretEnv };
}

/** Each webhook is a channel of its own: one that is down costs the others nothing. All mails are one. */
export function channelOf(recipient: string): string {
  return parseWebhookRecipient(recipient) === undefined ? 'mail' : recipient;
}

/** `email`, `slack`, or `webhook`: how a recipient is told, in one word. */
export function channelKindOf(recipient: string): 'email' | 'slack' | 'webhook' {
  const webhook = parseWebhookRecipient(recipient);
  if (webhook === undefined) return 'email';
  return webhook.format === 'slack' ? 'slack' : 'webhook';
}

/** One of WEBHOOK_URLS. */
export interface WebhookUrl {
  readonly format: WebhookFormat;
  readonly url: string;
}

/** `slack=https://hooks.slack.com/...`; without a format it is `alertmanager`. Undefined when it is no http(s) address. */
export function parseWebhookUrl(entry: string): WebhookUrl | undefined {
  const format = webhookFormats.find((known) => entry.startsWith(`${known}=`));
  const url = format === undefined ? entry : entry.slice(format.length + 1);
  return /^https?:\/\/[^/?#\s]+\S*$/.test(url) ? { format: format ?? 'alertmanager', url } : undefined;
}
