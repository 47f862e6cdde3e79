import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmailMessage } from '../model/notification.ts';
import type { Notifier } from './notifier.ts';

/** What arrived at the other end. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type Trouble = 'throttled' | 'quota' | 'credentials' | 'unverified' | 'server' | 'reset' | 'hang';

export interface NotifierHarness {
  readonly notifier: Notifier;
  received(): Promise<readonly ReceivedMail[]>;
  close(): Promise<void>;
}

export interface TroubledHarness extends NotifierHarness {
  /** Makes every answer from now on this one. */
  trouble(trouble: Trouble): void;
  /** Lets the deadline of what is under way pass. */
  passDeadline(): Promise<void>;
}

export function buildMessage(overrides: Partial<EmailMessage> = {}): EmailMessage {
  return {
    id: 'first:cpu',
    from: 'alerts@example.org',
    to: 'ops@example.org',
    subject: '[CRITICAL] webapp: CPU 85.2 %',
    text: 'CPU 85.2 %\n',
    html: '<p>CPU 85.2 %</p>\n',
    ...overrides,
  };
}

/** What every notifier keeps to while the other end is well. */
export function describeNotifier(name: string, open: () => Promise<NotifierHarness>): void {
  describe(`the contract of a notifier, kept by ${name}`, () => {
    let harness: NotifierHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await harness.close();
    });

    it('delivers a message once, whole, to its one recipient', async () => {
      const message = buildMessage();
      const delivery = await harness.notifier.send(message);
      expect(delivery).toEqual({ kind: 'sent', messageId: expect.stringMatching(/./) });
      const { from, to, subject, text, html } = message;
      expect(await harness.received()).toEqual([{ from, to: [to], subject, text, html }]);
    });

    it('delivers what is not ASCII as it is', async () => {
      const message = buildMessage({ subject: 'Größe ≥ 90 % 🚨', text: 'naïve — 漢字\n', html: '<p>&amp; € 😀</p>' });
      await harness.notifier.send(message);
      expect(await harness.received()).toMatchObject([
        { subject: message.subject, text: message.text, html: message.html },
      ]);
    });

    it('delivers many at the same time', async () => {
      const messages = Array.from({ length: 20 }, (_, index) => buildMessage({ subject: `mail ${index}` }));
      const deliveries = await Promise.all(messages.map((message) => harness.notifier.send(message)));
      expect(new Set(deliveries.map((delivery) => delivery.kind === 'sent' && delivery.messageId)).size).toBe(20);
      const subjects = (await harness.received()).map(({ subject }) => subject);
      expect(subjects.toSorted()).toEqual(messages.map(({ subject }) => subject).toSorted());
    });

    it.each([
      '',
      'ops',
      'a@example.org\r\nBcc: evil@example.org',
      'a@example.org,b@example.org',
      'Ops <a@example.org>',
    ])('refuses the recipient %j without sending', async (to) => {
      const delivery = await harness.notifier.send(buildMessage({ to }));
      expect(delivery).toMatchObject({ kind: 'rejected', reason: 'address' });
      expect(await harness.received()).toEqual([]);
    });

    it('refuses a sender that is no address without sending', async () => {
      const delivery = await harness.notifier.send(buildMessage({ from: 'Foghorn' }));
      expect(delivery).toMatchObject({ kind: 'rejected', reason: 'sender' });
      expect(await harness.received()).toEqual([]);
    });
  });
}

/** What every notifier keeps to when the other end is not well. */
export function describeTroubledNotifier(name: string, open: () => Promise<TroubledHarness>): void {
  describe(`the contract of a notifier in trouble, kept by ${name}`, () => {
    let harness: TroubledHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await harness.close();
    });

    it.each([
      ['throttled', 'retry', 'throttled'],
      ['quota', 'retry', 'quota'],
      ['credentials', 'retry', 'credentials'],
      ['server', 'retry', 'server'],
      ['reset', 'retry', 'network'],
      ['unverified', 'rejected', 'address'],
    ] as const)('answers trouble of the kind %s with %s %s', async (trouble, kind, reason) => {
      harness.trouble(trouble);
      const delivery = await harness.notifier.send(buildMessage());
      expect(delivery).toMatchObject({ kind, reason, message: expect.stringMatching(/^[^\r\n]+$/) });
      expect(await harness.received()).toEqual([]);
    });

    it('ends by its own deadline when nobody answers', async () => {
      harness.trouble('hang');
      const sending = harness.notifier.send(buildMessage());
      await harness.passDeadline();
      expect(await sending).toMatchObject({ kind: 'retry', reason: 'timeout' });
    });
  });
}
