import type { Notification } from '../model/notification.ts';
import type { EmailSnapshot } from '../model/snapshot.ts';
import { MAX_OWED_MS } from './outbox-offer.ts';
import type { DeliveryResult, Outbox } from './outbox.ts';

export interface ChannelsDeps {
  /** Which channel a recipient is told by. */
  readonly channelOf: (recipient: string) => string;
  /** The channel that stands for all in a snapshot. */
  readonly main: string;
  readonly open: (channel: string, onResult: (result: DeliveryResult) => void) => Outbox;
  /** With the outcome over all channels. */
  readonly onResult: (result: DeliveryResult) => void;
}

/** Channels at most; recipients of further ones are not told, and stay due. */
const MAX_CHANNELS = 50;

/** What became of a message in each of its channels. */
interface Fate {
  readonly parts: ReadonlyMap<string, Notification>;
  readonly settled: Map<string, 'sent' | 'rejected'>;
  /** When the first channel had it: from then on it is no longer planned, and owed to the others. */
  toldAt?: number | undefined;
}

/**
 * An outbox for each channel, which together are one: a channel that is down holds up none but itself, and an alert is
 * told once any channel has it. What the others still lack stays owed to them, as within an outbox.
 */
export function createChannels({ channelOf, main, open, onResult }: ChannelsDeps): Outbox {
  const outboxes = new Map<string, Outbox>();
  const fates = new Map<string, Fate>();

  function outboxOf(channel: string): Outbox {
    const known = outboxes.get(channel);
    if (known !== undefined) return known;
    const created = open(channel, (result) => settle(channel, result));
    outboxes.set(channel, created);
    return created;
  }

  function settle(channel: string, result: DeliveryResult): void {
    const fate = fates.get(result.notification.id);
    if (fate === undefined) {
      // It is no longer planned: one channel that refuses it does not speak for those that were not asked.
      onResult({ ...result, outcome: result.outcome === 'sent' ? 'sent' : 'open' });
      return;
    }
    // Told once is told: what follows it, elsewhere or in vain, must not put off the next reminder.
    const isNews = fate.toldAt === undefined;
    if (result.outcome !== 'open') fate.settled.set(channel, result.outcome);
    if (result.outcome === 'sent') fate.toldAt ??= result.at;
    onResult({ ...result, outcome: isNews ? outcomeOf(fate) : 'open' });
  }

  function offer(planned: readonly Notification[], now: number): void {
    const known = new Set(planned.map(({ id }) => id));
    for (const notification of planned) {
      const parts = partsOf(notification, channelOf);
      fates.set(notification.id, { settled: new Map(), ...fates.get(notification.id), parts });
    }
    for (const [id, fate] of fates) if (!known.has(id) && !isOwed(fate, now)) fates.delete(id);
    const channels = new Set([...outboxes.keys(), ...[...fates.values()].flatMap(({ parts }) => [...parts.keys()])]);
    for (const channel of [...channels].slice(0, MAX_CHANNELS)) {
      outboxOf(channel).offer(dueIn(channel, [...fates.values()], known), now);
    }
  }

  return {
    offer,
    keepReaders(readers) {
      for (const outbox of outboxes.values()) outbox.keepReaders(readers);
    },
    snapshot: () => summary(outboxOf(main).snapshot(), outboxes),
    async stop(timeoutMs) {
      await Promise.all([...outboxes.values()].map((outbox) => outbox.stop(timeoutMs)));
    },
  };
}

/** The part of a message that each channel carries. */
function partsOf(notification: Notification, channelOf: ChannelsDeps['channelOf']): ReadonlyMap<string, Notification> {
  const byChannel = Map.groupBy(notification.to, channelOf);
  return new Map([...byChannel].map(([channel, to]) => [channel, { ...notification, to }]));
}

function isOwed({ parts, settled, toldAt }: Fate, now: number): boolean {
  return (
    toldAt !== undefined && now - toldAt < MAX_OWED_MS && [...parts.keys()].some((channel) => !settled.has(channel))
  );
}

/** What is planned, and what is owed about alerts of which nothing newer is planned here. */
function dueIn(channel: string, fates: readonly Fate[], planned: ReadonlySet<string>): readonly Notification[] {
  const parts = fates.flatMap(({ parts: all, settled }) => {
    const part = all.get(channel);
    return part === undefined ? [] : [{ part, settled: settled.has(channel) }];
  });
  const current = parts.filter(({ part }) => planned.has(part.id)).map(({ part }) => part);
  const spoken = new Set(current.flatMap(keysOf));
  const owed = parts.filter(
    ({ part, settled }) => !planned.has(part.id) && !settled && !keysOf(part).some((key) => spoken.has(key)),
  );
  return [...current, ...owed.map(({ part }) => part)];
}

function keysOf({ alerts }: Notification): readonly string[] {
  return alerts.map(({ alert }) => alert.key);
}

function outcomeOf({ parts, settled, toldAt }: Fate): DeliveryResult['outcome'] {
  if (toldAt !== undefined) return 'sent';
  return [...parts.keys()].every((channel) => settled.get(channel) === 'rejected') ? 'rejected' : 'open';
}

/** Mail's own, with what waits and what is wrong anywhere. */
function summary(mail: EmailSnapshot, outboxes: ReadonlyMap<string, Outbox>): EmailSnapshot {
  const all = [...outboxes].map(([channel, outbox]) => ({ channel, ...outbox.snapshot() }));
  const troubled = all.find(({ lastError }) => lastError !== undefined);
  return {
    ...mail,
    waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
    lastError: mail.lastError ?? (troubled && `${troubled.channel}: ${troubled.lastError}`),
  };
}
