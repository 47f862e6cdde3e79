import { vi } from 'vitest';
import { createFakeClock } from '../../controller/src/fake-clock.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import {
  describeNotifier,
  describeTroubledNotifier,
  type Trouble,
  type TroubledHarness,
} from '../../controller/src/notify/notifier-contract.ts';
import { createSesNotifier } from '../../controller/src/notify/ses.ts';
import { startFakeSes, type SesAnswer } from './fake-ses.ts';
import { stubSesEnvironment } from './ses-environment.ts';

const unverified = 'Email address is not verified. The following identities failed the check in region US-EAST-1: ';

const answers: Readonly<Record<Trouble, SesAnswer>> = {
  throttled: { kind: 'error', status: 400, code: 'Throttling', message: 'Maximum sending rate exceeded.' },
  quota: { kind: 'error', status: 400, code: 'Throttling', message: 'Daily message quota exceeded.' },
  credentials: { kind: 'error', status: 403, code: 'SignatureDoesNotMatch', message: 'no' },
  unverified: { kind: 'error', status: 400, code: 'MessageRejected', message: `${unverified}ops@example.org` },
  server: { kind: 'html', status: 502 },
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
};

async function open(): Promise<TroubledHarness> {
  const ses = await startFakeSes();
  stubSesEnvironment(ses.url);
  const clock = createFakeClock();
  const notifier = createSesNotifier({ region: 'us-east-1', requestTimeoutMs: 10_000, clock, log: createSilentLog() });
  return {
    notifier,
    received: async () => ses.accepted.map(({ from, to, subject, text, html }) => ({ from, to, subject, text, html })),
    trouble: (trouble) => {
      ses.behave(() => answers[trouble]);
    },
    passDeadline: () => clock.advance(10_000),
    close: async () => {
      notifier.close();
      await ses.close();
      vi.unstubAllEnvs();
    },
  };
}

describeNotifier('SES', open);
describeTroubledNotifier('SES', open);
