import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { createDaily } from '../heartbeat/daily.ts';
import { createHeartbeat } from '../heartbeat/heartbeat.ts';
import { createHttpPing } from '../heartbeat/http-ping.ts';
import type { Fence } from '../model/leadership.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isEmailAddress } from '../notify/address.ts';
import { renderDailyMail } from '../notify/daily-mail.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { Problems } from '../problems.ts';

export interface DeadMansSwitch {
  start(): void;
  stop(): Promise<void>;
}

export interface DeadMansSwitchDeps {
  readonly notifier: Notifier;
  readonly snapshot: () => Snapshot;
  readonly lastHealthyTickAt: () => number | undefined;
  readonly problems: Problems;
  readonly clock: Clock;
  /** Before each call. */
  readonly fence: Fence | undefined;
}

/** What tells that the controller lives: the heartbeat and the daily mail, those that are set. */
export function createDeadMansSwitch(config: Config, deps: DeadMansSwitchDeps): DeadMansSwitch {
  const { heartbeatUrl, email } = config;
  const parts = [
    ...(heartbeatUrl === undefined
      ? []
      : [createHeartbeat({ ...deps, ping: createHttpPing(heartbeatUrl, deps.fence) })]),
    ...(email.dailyMailAt === undefined
      ? []
      : [createDaily({ ...deps, minuteOfDay: email.dailyMailAt, act: () => sendDailyMail(config, deps) })]),
  ];
  return {
    start() {
      for (const part of parts) part.start();
    },
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}

/** One mail to each recipient of the settings. Rejects when none of them took it. */
async function sendDailyMail(
  { email, dashboard }: Config,
  { notifier, snapshot, clock }: DeadMansSwitchDeps,
): Promise<void> {
  const { sender: from } = email;
  const recipients = email.recipients.filter(isEmailAddress);
  if (from === undefined || recipients.length === 0) throw new Error('mail is not configured');
  const content = renderDailyMail(snapshot(), dashboard.url);
  const id = `daily#${clock.now()}`;
  const deliveries = await Promise.all(recipients.map((to) => notifier.send({ id, from, to, ...content })));
  const failed = deliveries.find((delivery) => delivery.kind !== 'sent');
  if (failed !== undefined && deliveries.every(({ kind }) => kind !== 'sent')) throw new Error(failed.message);
}
