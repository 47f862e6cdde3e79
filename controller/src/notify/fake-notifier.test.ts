import type { Delivery } from '../model/notification.ts';
import { createFakeNotifier } from './fake-notifier.ts';
import { describeNotifier, describeTroubledNotifier, type Trouble, type TroubledHarness } from './notifier-contract.ts';

const message = 'made to fail';
const answers: Readonly<Record<Trouble, Delivery>> = {
  throttled: { kind: 'retry', reason: 'throttled', message },
  quota: { kind: 'retry', reason: 'quota', message },
  credentials: { kind: 'retry', reason: 'credentials', message },
  server: { kind: 'retry', reason: 'server', message },
  reset: { kind: 'retry', reason: 'network', message },
  hang: { kind: 'retry', reason: 'timeout', message },
  unverified: { kind: 'rejected', reason: 'address', message },
};

async function open(): Promise<TroubledHarness> {
  const fake = createFakeNotifier();
  return {
    notifier: fake,
    received: async () =>
      fake.sent.map(({ from, to, subject, text, html }) => ({ from, to: [to], subject, text, html })),
    trouble: (trouble) => {
      fake.answer(() => answers[trouble]);
    },
    passDeadline: async () => {},
    close: async () => {},
  };
}

describeNotifier('the fake in memory', open);
describeTroubledNotifier('the fake in memory', open);
