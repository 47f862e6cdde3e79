import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Delivery, EmailContent, Notification } from '../model/notification.ts';
import type { Notifier } from './notifier.ts';
import type { WebhookNotifier } from './webhook.ts';

/** Writes a message as it reads at `now`; at once, or after a bounded time in which it gathers what the reader needs. */
export type Render = (notification: Notification, now: number) => EmailContent | Promise<EmailContent>;

export interface DeliverDeps {
  readonly notifier: Notifier;
  readonly render: Render;
  /** Tells recipients that name a webhook. */
  readonly webhook?: WebhookNotifier | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Writes and sends one message to one recipient. Never rejects: a fault of ours costs this message only. */
export async function deliver(deps: DeliverDeps, notification: Notification, recipient: string): Promise<Delivery> {
  const told = deps.webhook?.deliver(notification, recipient);
  if (told !== undefined) return told;
  const written = write(deps, notification);
  // What is written at once goes out as it was planned, before anything newer can be.
  const content = written instanceof Promise ? await written : written;
  if ('kind' in content) return content;
  try {
    return await deps.notifier.send({ id: notification.id, from: notification.from, to: recipient, ...content });
  } catch (error) {
    deps.log.error({ notification: notification.id, err: error }, 'the notifier broke its promise not to fail');
    return { kind: 'retry', reason: 'server', message: errorMessage(error) };
  }
}

function write(
  deps: DeliverDeps,
  notification: Notification,
): EmailContent | Delivery | Promise<EmailContent | Delivery> {
  const failed = (error: unknown): Delivery => {
    deps.log.error({ notification: notification.id, err: error }, 'a mail could not be written');
    return { kind: 'rejected', reason: 'content', message: `The mail could not be written: ${errorMessage(error)}` };
  };
  try {
    const written = deps.render(notification, deps.clock.now());
    return written instanceof Promise ? written.catch(failed) : written;
  } catch (error) {
    return failed(error);
  }
}
