import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Alert } from '../model/alert.ts';
import type { Fence } from '../model/leadership.ts';
import { channelOf, webhookRecipient } from '../model/webhook.ts';
import { isEmailAddress } from '../notify/address.ts';
import { createAlertmanagerPusher, type AlertmanagerPusher } from '../notify/alertmanager-push.ts';
import { renderDigest } from '../notify/budget-digest.ts';
import type { Budget } from '../notify/budget-keeper.ts';
import { createPacedNotifier } from '../notify/budget-pace.ts';
import { createChannels } from '../notify/channels.ts';
import { createChartPainter } from '../notify/chart/chart-png.ts';
import { createComposer } from '../notify/compose.ts';
import type { Render } from '../notify/deliver.ts';
import { createMailRing, type MailRing } from '../notify/mail-ring.ts';
import { createOutbox, type DeliveryResult, type Outbox } from '../notify/outbox.ts';
import { tellingReadiness } from '../notify/readiness.ts';
import type { SesNotifier } from '../notify/ses.ts';
import { createWebhookNotifier } from '../notify/webhook.ts';
import type { Complete } from '../pipeline/evidence.ts';
import type { DefaultRecipients } from '../pipeline/recipients.ts';

/** All ways out. */
export interface Delivering {
  readonly outbox: Outbox;
  readonly notifier: SesNotifier;
  /** The last messages, to be looked up. */
  readonly mails: MailRing;
}

export interface DeliveringDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Before each message. */
  readonly fence: Fence | undefined;
  readonly budget: Budget;
  readonly complete: Complete;
  readonly onResult: (result: DeliveryResult) => void;
}

const SES_TIMEOUT_MS = 10_000;

export async function createDelivering(config: Config, deps: DeliveringDeps): Promise<Delivering> {
  const { clock, log, fence, budget, complete, onResult } = deps;
  const readiness = tellingReadiness(config);
  log.info({ configured: readiness.configured }, readiness.message);
  const { createSesNotifier } = await import('../notify/ses.ts');
  const ses = createSesNotifier({ region: config.email.region, requestTimeoutMs: SES_TIMEOUT_MS, clock, log, fence });
  const paced = createPacedNotifier({ notifier: ses, ratePerSecond: () => budget.limits().perSecond, clock });
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const reader = { dashboardUrl: config.dashboard.url, timeZone };
  const { urls, secret } = config.webhooks;
  const webhook = createWebhookNotifier({
    ...reader,
    clock,
    env: config.env,
    urls: urls.map(({ url }) => url),
    secret,
    fence,
  });
  const mails = createMailRing(clock);
  const compose = createComposer({ complete, draw: createChartPainter({ clock, log }), context: reader });
  const outbox = createChannels({
    channelOf,
    main: 'mail',
    open: (_channel, onChannelResult) =>
      createOutbox({
        notifier: paced,
        webhook,
        render: remembering(mails, (notification, now) =>
          notification.digest === undefined ? compose(notification, now) : renderDigest(notification.digest, reader),
        ),
        readiness,
        clock,
        log,
        random: Math.random,
        onResult: onChannelResult,
      }),
    onResult: (result) => {
      mails.delivered(result);
      onResult(result);
    },
  });
  return {
    outbox: {
      ...outbox,
      offer(planned, now) {
        mails.offered(planned);
        outbox.offer(planned, now);
      },
    },
    mails,
    notifier: { send: paced.send, close: () => [paced, ses].forEach((one) => one.close()) },
  };
}

function remembering(mails: MailRing, render: Render): Render {
  return (notification, now) => {
    const written = render(notification, now);
    if (!(written instanceof Promise)) {
      mails.rendered(notification, written);
      return written;
    }
    return written.then((content) => {
      mails.rendered(notification, content);
      return content;
    });
  };
}

/** Nobody is told while the settings hold no usable recipient; a policy may still name its own. */
export function defaultRecipients({ email, webhooks }: Config): DefaultRecipients {
  const from = email.sender !== undefined && isEmailAddress(email.sender) ? email.sender : undefined;
  return {
    from,
    to: email.recipients.filter(isEmailAddress),
    webhooks: webhooks.urls.map(({ format }, index) =>
      webhookRecipient({ format, address: { kind: 'setting', number: index + 1 } }),
    ),
  };
}

/** Undefined when no Alertmanager is set. */
export function createPusher(
  { webhooks, dashboard }: Config,
  deps: Pick<DeliveringDeps, 'clock' | 'log' | 'fence'> & { readonly alerts: () => readonly Alert[] },
): AlertmanagerPusher | undefined {
  const { alertmanagerUrl } = webhooks;
  if (alertmanagerUrl === undefined) return undefined;
  return createAlertmanagerPusher({ ...deps, url: alertmanagerUrl, dashboardUrl: dashboard.url });
}
