import type { Config, EmailConfig } from '../config.ts';
import { isEmailAddress } from './address.ts';

/** Whether whoever is set to be told can be, and what to say about it: once at start, in status and on the page. */
export interface EmailReadiness {
  readonly configured: boolean;
  readonly message: string;
}

/** Judges the settings alone; whether SES takes them shows when the first mail is sent. */
export function emailReadiness(email: EmailConfig, env: Config['env']): EmailReadiness {
  const { sender, recipients } = email;
  const missing = [
    ...(sender === undefined ? ['SENDER_EMAIL'] : []),
    ...(recipients.length === 0 ? ['RECIPIENT_EMAILS'] : []),
  ];
  if (sender === undefined || missing.length > 0) return notConfigured(`set ${missing.join(' and ')}`);
  if (!isEmailAddress(sender)) return notConfigured(`SENDER_EMAIL ${shown(sender)} is not a mail address`);
  const valid = recipients.filter(isEmailAddress);
  const invalid = recipients.filter((recipient) => !isEmailAddress(recipient)).map(shown);
  if (valid.length === 0) return notConfigured(`RECIPIENT_EMAILS holds no mail address (${invalid.join(', ')})`);
  const ignored = invalid.length === 0 ? '' : `; not a mail address and left out: ${invalid.join(', ')}`;
  return {
    configured: true,
    message: `Mails go from ${sender} to ${valid.join(', ')} by ${service(email, env)}${ignored}`,
  };
}

/** The same with what is told besides mail. Who has set only that wants no mail, and lacks nothing. */
export function tellingReadiness({ email, webhooks, env }: Pick<Config, 'email' | 'webhooks' | 'env'>): EmailReadiness {
  const mail = emailReadiness(email, env);
  const others = otherWays(webhooks);
  if (others.length === 0) return mail;
  const ways = `Alerts go to ${others.join(' and ')}`;
  if (mail.configured) return { configured: true, message: `${mail.message}. ${ways}` };
  const isUnwanted = email.sender === undefined && email.recipients.length === 0;
  return isUnwanted
    ? { configured: true, message: `${ways}; no mail is set up` }
    : { configured: false, message: `${ways}. ${mail.message}` };
}

function otherWays({ urls, alertmanagerUrl }: Config['webhooks']): readonly string[] {
  const formats = [...Map.groupBy(urls, ({ format }) => format)].map(
    ([format, { length }]) => `${length} ${format === 'slack' ? 'Slack ' : ''}webhook${length === 1 ? '' : 's'}`,
  );
  return alertmanagerUrl === undefined ? formats : [...formats, 'an Alertmanager'];
}

function notConfigured(what: string): EmailReadiness {
  const message = `Emails are not configured: ${what}, in .env or the environment, and restart. Alerts still show on the dashboard.`;
  return { configured: false, message };
}

/** Without what a URL may hold of a password. */
function service(email: EmailConfig, env: Config['env']): string {
  const endpoint = env['AWS_ENDPOINT_URL_SES'] ?? env['AWS_ENDPOINT_URL'];
  if (endpoint === undefined || endpoint === '') return `Amazon SES (${email.region})`;
  return `the SES endpoint ${URL.canParse(endpoint) ? new URL(endpoint).host : shown(endpoint)}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, MAX_SHOWN_LENGTH));
}

const MAX_SHOWN_LENGTH = 100;
