import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../controller/src/free-port.ts';
import { endProcess } from '../child-process.ts';
import { openPage } from '../dashboard/browser.ts';
import { missing, requireChromium, requireEngine, skipUnless } from '../requirements.ts';
import { createControllerApi, type ControllerApi } from './controller-api.ts';
import { until } from '../until.ts';

const root = resolve(import.meta.dirname, '../..');
const WAIT_MS = 120_000;
const NOBODY = 65_534;

interface Running {
  readonly api: ControllerApi;
  readonly output: () => string;
}

let running: { readonly child: ChildProcess; readonly folder: string } | undefined;

/** A controller as a process of this machine, with folders of its own. */
async function startController(socket: string, user?: number): Promise<Running> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'foghorn-engine-away-'));
  await chmod(folder, 0o755);
  const folders = ['logs', 'data', 'policies'].map((name) => join(folder, name));
  for (const path of folders) {
    await mkdir(path);
    if (user !== undefined) await chown(path, user, user);
  }
  const [logs = '', data = '', policies = ''] = folders;
  const child = spawn(process.execPath, ['controller/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      DOCKER_HOST: `unix://${socket}`,
      LOG_DIR: logs,
      DATA_DIR: data,
      POLICY_DIR: policies,
      CHECK_INTERVAL: '5',
      API_PORT: 'off',
    },
    ...(user === undefined ? {} : { uid: user, gid: user }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = { child, folder };
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
  return { api: createControllerApi(`http://127.0.0.1:${port}`), output: () => output };
}

afterEach(async () => {
  if (running === undefined) return;
  const { child, folder } = running;
  running = undefined;
  await endProcess(child);
  await rm(folder, { recursive: true, force: true });
});

async function expectUnreachable({ api, output }: Running, reason: string, message: RegExp): Promise<void> {
  const host = await until(`the host is unreachable: ${reason}`, WAIT_MS, async () => {
    const [first] = (await api.state()).hosts;
    return first?.reachable === false && first.reason === reason ? first : undefined;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${output()}`, { cause: error });
  });
  expect(host.message).toMatch(message);
  const lines = (): readonly string[] =>
    output()
      .split('\n')
      .filter((line) => line.includes(JSON.stringify(host.message).slice(1, -1)));
  await expect.poll(lines, { message: 'said once in the log' }).toHaveLength(1);
}

describe('an engine that cannot be reached', () => {
  beforeAll(async () => {
    await promisify(execFile)('npm', ['run', 'build'], { cwd: root });
  });

  it('is told on the page and in one line of the log', async (context) => {
    skipUnless(context, requireChromium());
    const controller = await startController('/nonexistent/docker.sock');
    await expectUnreachable(controller, 'NoSocket', /\/nonexistent\/docker\.sock/);
    const { page, faults, close } = await openPage(controller.api.url);
    try {
      await page.getByText('UNREACHABLE').first().waitFor();
      expect(await page.locator('.problems').innerText()).toContain('/nonexistent/docker.sock');
      expect(faults).toEqual([]);
    } finally {
      await close();
    }
  });

  it('for want of permission is told with what to do', async (context) => {
    skipUnless(context, requireEngine());
    skipUnless(
      context,
      missing('root, to run a controller as somebody else', () => process.getuid?.() === 0),
    );
    const controller = await startController('/var/run/docker.sock', NOBODY);
    await expectUnreachable(controller, 'PermissionDenied', /group|sudo|user/);
  });
});
