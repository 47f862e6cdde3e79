import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { createFakeClock } from '../../controller/src/fake-clock.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import {
  buildChart,
  buildFiringAlert,
  buildNotification,
  buildNotified,
  builtAt,
} from '../../controller/src/notify/builders.ts';
import { createChartPainter, MAX_CHART_BYTES } from '../../controller/src/notify/chart/chart-png.ts';
import { createComposer } from '../../controller/src/notify/compose.ts';
import { createSesNotifier } from '../../controller/src/notify/ses.ts';
import { portOf, startFakeSes } from './fake-ses.ts';
import { stubSesEnvironment } from './ses-environment.ts';

interface Sandbox {
  readonly default: (config: { readonly host: string; readonly port: number }) => Promise<Server>;
}

interface StoredMail {
  readonly destination: { readonly to: readonly string[] };
  readonly body: { readonly html: string };
  readonly attachments: readonly { readonly contentType: string }[];
}

// A CommonJS package with a `default` of its own: loaded as Node loads it, whatever runs the tests.
const sandbox = createRequire(import.meta.url)('aws-ses-v2-local') as Sandbox;

const alerts = ['webapp', 'db', 'cache'].map((name) => {
  const target = { id: `local/${name}`, host: 'local', namespace: '', name };
  return buildNotified(buildFiringAlert({ target }), { chart: buildChart(), output: ['last words'] });
});
const notification = buildNotification({ alerts });

const log = createSilentLog();
const compose = createComposer({
  complete: async (planned) => planned,
  // A busy machine would leave out a chart that takes long; here time stands still.
  draw: createChartPainter({ clock: createFakeClock(), log }),
  context: { dashboardUrl: 'http://localhost:8001', timeZone: 'UTC' },
});

async function send(): Promise<void> {
  const notifier = createSesNotifier({ region: 'us-east-1', requestTimeoutMs: 10_000, clock: systemClock, log });
  const content = await compose(notification, builtAt);
  const delivery = await notifier.send({ id: 'first', from: 'alerts@example.org', to: 'ops@example.org', ...content });
  notifier.close();
  expect(delivery).toMatchObject({ kind: 'sent' });
}

describe('a whole mail, with its charts', () => {
  let closing: (() => Promise<void>)[];
  beforeEach(() => {
    closing = [];
  });
  afterEach(async () => {
    for (const close of closing) await close();
    vi.unstubAllEnvs();
  });

  it('comes to SES with each picture that its HTML shows', async () => {
    const ses = await startFakeSes();
    closing.push(ses.close);
    stubSesEnvironment(ses.url);
    await send();
    const [mail] = ses.accepted;
    expect(mail?.to).toEqual(['ops@example.org']);
    expect(mail?.headers.get('references')).toHaveLength(3);
    const shown = [...(mail?.html ?? '').matchAll(/src="cid:([^"]+)"/g)].map((match) => match[1]);
    expect(shown).toEqual(mail?.pictures.map(({ contentId }) => contentId));
    expect(shown).toHaveLength(3);
    expect(mail?.pictures.every(({ bytes }) => bytes.length <= MAX_CHART_BYTES)).toBe(true);
    expect(mail?.text).toContain('last words');
  });

  it('shows in the sandbox to its reader', async () => {
    const server = await sandbox.default({ host: '127.0.0.1', port: 0 });
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const url = `http://127.0.0.1:${portOf(server.address())}`;
    await fetch(`${url}/clear-store`, { method: 'POST' });
    stubSesEnvironment(url);
    await send();
    const { emails } = (await (await fetch(`${url}/store`)).json()) as { readonly emails: readonly StoredMail[] };
    expect(emails).toMatchObject([{ destination: { to: ['ops@example.org'] } }]);
    expect(emails[0]?.attachments.map(({ contentType }) => contentType)).toEqual(Array(3).fill('image/png'));
    expect(emails[0]?.body.html).toContain('data:image/png;base64,');
  });
});
