import { beforeEach, describe, expect, it } from 'vitest';
import type { Notification } from '../model/notification.ts';
import { buildFiringAlert, buildNotification, buildNotified } from './builders.ts';
import { createChannels } from './channels.ts';
import { MAX_OWED_MS } from './outbox-offer.ts';
import type { DeliveryResult, Outbox } from './outbox.ts';

interface FakeOutbox extends Outbox {
  offered: readonly Notification[];
  settle(outcome: DeliveryResult['outcome'], of?: Notification): void;
}

function buildMessage(id: string, overrides: Partial<Notification> = {}): Notification {
  const alerts = [buildNotified(buildFiringAlert({ key: id }))];
  return buildNotification({ id, alerts, to: ['ops@example.org', 'hook'], ...overrides });
}

describe('the channels together', () => {
  let outboxes: Map<string, FakeOutbox>;
  let results: DeliveryResult[];
  let channels: Outbox;

  beforeEach(() => {
    outboxes = new Map();
    results = [];
    channels = createChannels({
      channelOf: (recipient) => (recipient.includes('@') ? 'mail' : recipient),
      main: 'mail',
      onResult: (result) => results.push(result),
      open: (channel, onResult) => {
        const outbox = createFakeOutbox(onResult);
        outboxes.set(channel, outbox);
        return outbox;
      },
    });
  });

  function offeredTo(channel: string): readonly string[] {
    return outboxes.get(channel)?.offered.map(({ id, to }) => `${id} ${to.join()}`) ?? [];
  }

  it('gives each channel its own recipients', () => {
    channels.offer([buildMessage('a')], 0);
    expect(offeredTo('mail')).toEqual(['a ops@example.org']);
    expect(offeredTo('hook')).toEqual(['a hook']);
  });

  it('counts as told once one channel has it, and owes it to the other', () => {
    channels.offer([buildMessage('a')], 0);
    outboxes.get('hook')?.settle('sent');
    expect(results.map(({ outcome }) => outcome)).toEqual(['sent']);
    channels.offer([], 1000);
    expect(offeredTo('mail')).toEqual(['a ops@example.org']);
    expect(offeredTo('hook')).toEqual([]);
    outboxes.get('mail')?.settle('sent');
    channels.offer([], 2000);
    expect(offeredTo('mail')).toEqual([]);
  });

  it('says only once that it was told, whatever comes of the other channels', () => {
    channels.offer([buildMessage('a')], 0);
    outboxes.get('hook')?.settle('sent');
    outboxes.get('mail')?.settle('open');
    channels.offer([], 1000);
    outboxes.get('mail')?.settle('sent');
    expect(results.map(({ outcome }) => outcome)).toEqual(['sent', 'open', 'open']);
  });

  it('owes nothing that something newer about the same alert replaces, and nothing for ever', () => {
    channels.offer([buildMessage('a')], 0);
    outboxes.get('hook')?.settle('sent');
    const newer = { ...buildMessage('a'), id: 'newer' };
    channels.offer([newer], 1000);
    expect(offeredTo('mail')).toEqual(['newer ops@example.org']);
    channels.offer([], MAX_OWED_MS);
    expect(offeredTo('mail')).toEqual([]);
  });

  it('drops what is no longer planned and nobody has', () => {
    channels.offer([buildMessage('a')], 0);
    outboxes.get('hook')?.settle('open');
    channels.offer([], 1000);
    expect(offeredTo('mail')).toEqual([]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['open']);
  });

  it('is refused only when every channel has refused it', () => {
    channels.offer([buildMessage('a')], 0);
    outboxes.get('hook')?.settle('rejected');
    outboxes.get('mail')?.settle('rejected');
    expect(results.map(({ outcome }) => outcome)).toEqual(['open', 'rejected']);
  });

  it('shows what waits in all, and what is wrong in any', () => {
    channels.offer([buildMessage('a')], 0);
    expect(channels.snapshot()).toMatchObject({ waiting: 2, lastError: undefined });
  });
});

function createFakeOutbox(onResult: (result: DeliveryResult) => void): FakeOutbox {
  const outbox: FakeOutbox = {
    offered: [],
    offer(planned) {
      outbox.offered = planned;
    },
    settle(outcome) {
      const [notification] = outbox.offered;
      if (notification === undefined) throw new Error('nothing was offered');
      const delivery = { kind: 'sent', messageId: '' } as const;
      onResult({ notification, recipient: notification.to[0] ?? '', delivery, at: 0, outcome });
    },
    keepReaders: () => undefined,
    snapshot: () => ({ configured: true, message: '', sent: 0, failed: 0, waiting: outbox.offered.length }),
    stop: () => Promise.resolve(),
  };
  return outbox;
}
