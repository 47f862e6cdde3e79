import { createHash } from 'node:crypto';
import type { FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { Notification } from '../model/notification.ts';
import { cleanLine } from './render/clean.ts';
import { dashboardLink } from './render/links.ts';
import { worstTold } from './render/subject.ts';

type ToldAlert = FiringAlert | ResolvedAlert;
type Texts = Readonly<Record<string, string>>;

/** One alert as Alertmanager's webhook (version 4) and its API (v2) have it. */
export interface AlertmanagerAlert {
  readonly labels: Texts;
  readonly annotations: Texts;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
}

export interface AlertmanagerWebhook {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Texts;
  readonly commonLabels: Texts;
  readonly commonAnnotations: Texts;
  readonly externalURL: string;
  readonly alerts: readonly (AlertmanagerAlert & {
    readonly status: 'firing' | 'resolved';
    readonly fingerprint: string;
  })[];
}

/** What Go writes for no time: an alert that still fires. */
const NO_END = '0001-01-01T00:00:00Z';
const MAX_LABEL_LENGTH = 256;
const MAX_ANNOTATION_LENGTH = 1000;
/** Alerts in one call; the others are counted. */
const MAX_ALERTS = 100;

/** The body that Alertmanager sends to webhooks, so that what people have receives it: prometheus.io, webhook_config. */
export function alertmanagerWebhook(notification: Notification, dashboardUrl: string): AlertmanagerWebhook {
  const told = notification.alerts.slice(0, MAX_ALERTS);
  const policy = cleanLine(notification.policy, MAX_LABEL_LENGTH);
  const alerts = told.map(({ alert, reason }) => {
    const body = alertmanagerAlert(alert, dashboardUrl);
    const annotations = { ...body.annotations, reason };
    return { status: alert.state, ...body, annotations, fingerprint: fingerprintOf(body.labels) };
  });
  return {
    version: '4',
    groupKey: `{}/{policy="${policy}"}:{}`,
    truncatedAlerts: notification.alerts.length - alerts.length,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'foghorn',
    groupLabels: { policy },
    commonLabels: inCommon(alerts.map(({ labels }) => labels)),
    commonAnnotations: inCommon(alerts.map(({ annotations }) => annotations)),
    externalURL: dashboardUrl,
    alerts,
  };
}

/** One alert; `endsAt` of one that fires is that of the webhook, which the API's caller replaces. */
export function alertmanagerAlert(alert: ToldAlert, dashboardUrl: string): AlertmanagerAlert {
  const { target, rule, policy, message, actions, values } = alert;
  const labels = cleaned(
    {
      alertname: rule,
      severity: worstTold(alert),
      policy,
      host: target.host,
      container: target.kind === 'host' ? '' : target.name,
      namespace: target.namespace,
    },
    MAX_LABEL_LENGTH,
  );
  const measured = Object.entries(values).map(([name, value]) => `${name}=${String(value)}`);
  const said = { summary: message, actions: actions.join('; '), values: measured.join(', ') };
  return {
    labels,
    annotations: cleaned(said, MAX_ANNOTATION_LENGTH),
    startsAt: new Date(alert.firedAt).toISOString(),
    endsAt: alert.state === 'resolved' ? new Date(alert.resolvedAt).toISOString() : NO_END,
    generatorURL: dashboardLink(dashboardUrl, target.id) ?? '',
  };
}

/** Without empty ones, which mean "not set" there. */
function cleaned(texts: Texts, maxLength: number): Texts {
  const lines = Object.entries(texts).map(([name, text]) => [name, cleanLine(text, maxLength)] as const);
  return Object.fromEntries(lines.filter(([, text]) => text !== ''));
}

function inCommon(all: readonly Texts[]): Texts {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, text]) => others.every((other) => other[name] === text)),
  );
}

/** 64 bits in hexadecimal, as there; the same for the same labels. */
function fingerprintOf(labels: Texts): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
