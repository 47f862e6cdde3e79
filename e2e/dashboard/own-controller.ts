import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { vi } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { loadConfig } from '../../controller/src/config.ts';
import { createLog } from '../../controller/src/log.ts';
import { createApp } from '../../controller/src/wiring/app.ts';
import { startFakeSes, type FakeSes } from '../email/fake-ses.ts';
import { stubSesEnvironment } from '../email/ses-environment.ts';
import { until } from '../until.ts';
import { freePort } from '../../controller/src/free-port.ts';

const root = resolve(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 90_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** A whole controller on the real engine, with the page as it is in the source, in a folder of its own. */
export interface OwnController {
  /** With a slash at its end. */
  readonly url: string;
  readonly ses: FakeSes;
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** `policies`: text of each file of its policy folder, by name. */
export async function startOwnController(policies: Readonly<Record<string, string>>): Promise<OwnController> {
  const folder = await mkdtemp(join(tmpdir(), 'foghorn-views-'));
  const webDir = join(folder, 'web');
  await build({
    configFile: join(root, 'controller/vite.config.ts'),
    build: { outDir: webDir, emptyOutDir: true },
  });
  await mkdir(join(folder, 'policies'));
  await Promise.all(Object.entries(policies).map(([name, text]) => writeFile(join(folder, 'policies', name), text)));
  const ses = await startFakeSes();
  stubSesEnvironment(ses.url);
  const port = await freePort();
  const config = loadConfig({
    DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    POLICY_DIR: join(folder, 'policies'),
    PORT: String(port),
    API_PORT: String(await freePort()),
    DEFAULT_POLICY: 'false',
    LOADTEST_LAUNCHER: 'process',
    SENDER_EMAIL: 'foghorn@example.com',
    RECIPIENT_EMAILS: 'ops@example.org',
    AWS_ENDPOINT_URL_SES: ses.url,
  });
  const app = await createApp(config, {
    crdDir: join(root, 'crds'),
    webDir,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
  });
  await app.start();
  const url = `http://127.0.0.1:${port}/`;
  const fetchFrom = (path: string): Promise<Response> =>
    fetch(`${url}${path}`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  await until('the controller is ready', READY_TIMEOUT_MS, async () => (await fetchFrom('readyz')).ok || undefined);
  return {
    url,
    ses,
    get: async (path) => (await fetchFrom(path)).json(),
    async stop() {
      await app.stop();
      await ses.close();
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
