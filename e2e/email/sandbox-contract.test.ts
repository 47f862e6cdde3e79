import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { vi } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { describeNotifier, type ReceivedMail } from '../../controller/src/notify/notifier-contract.ts';
import { createSesNotifier } from '../../controller/src/notify/ses.ts';
import { portOf } from './fake-ses.ts';
import { stubSesEnvironment } from './ses-environment.ts';

interface Sandbox {
  readonly default: (config: { readonly host: string; readonly port: number }) => Promise<Server>;
}

// A CommonJS package with a `default` of its own: loaded as Node loads it, whatever runs the tests.
const sandbox = createRequire(import.meta.url)('aws-ses-v2-local') as Sandbox;

interface StoredMail {
  readonly from: string;
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text: string; readonly html: string };
}

/** What the inbox of the sandbox shows. */
async function inboxOf(url: string): Promise<readonly ReceivedMail[]> {
  const response = await fetch(`${url}/store`);
  const store = (await response.json()) as { readonly emails: readonly StoredMail[] };
  return store.emails.map(({ from, destination, subject, body }) => ({ from, to: destination.to, subject, ...body }));
}

describeNotifier('SES, in the local sandbox', async () => {
  const server = await sandbox.default({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  await fetch(`${url}/clear-store`, { method: 'POST' });
  stubSesEnvironment(url);
  const notifier = createSesNotifier({
    region: 'us-east-1',
    requestTimeoutMs: 10_000,
    clock: systemClock,
    log: createSilentLog(),
  });
  return {
    notifier,
    received: () => inboxOf(url),
    close: async () => {
      notifier.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      vi.unstubAllEnvs();
    },
  };
});
