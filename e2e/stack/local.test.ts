import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../controller/src/free-port.ts';
import { missing, skipUnless } from '../requirements.ts';
import { createControllerApi } from './controller-api.ts';
import { isStarted, takeDown } from './stack-state.ts';
import { until } from '../until.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const INTERVAL_MS = 5000;
const WAIT_MS = 120_000;
const COMMAND_TIMEOUT_MS = 120_000;
/** Left out of the copy that the system runs from: what is not of the repository, or belongs to another system. */
const leftOut = ['node_modules', '.git', 'data', 'logs', '.env'];
const api = createControllerApi();

describe('the system without a Docker engine', () => {
  let copy: string | undefined;
  beforeEach(async (context) => {
    const folder = inject('stackFolder');
    if (isStarted(folder)) await takeDown(folder);
    const ports = await Promise.all([8000, 8001, 8005].map(isFree));
    skipUnless(
      context,
      missing('ports 8000, 8001 and 8005 are taken: npm run down', () => !ports.includes(false)),
    );
    copy = await mkdtemp(join(tmpdir(), 'foghorn-local-'));
    await cp(root, copy, { recursive: true, filter: (path) => !leftOut.includes(relative(root, path)) });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterEach(async () => {
    if (copy === undefined) return;
    await npm('run', 'down');
    await rm(copy, { recursive: true, force: true });
  });

  /** Short times, and mail to the sandbox only, whatever the caller's environment says. */
  async function npm(...args: readonly string[]): Promise<string> {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CHECK_INTERVAL: String(INTERVAL_MS / 1000),
      API_PORT: String(await freePort()),
      AWS_ACCESS_KEY_ID: '',
      AWS_ENDPOINT_URL_SES: '',
    };
    const { stdout } = await run('npm', [...args], { cwd: copy, env, timeout: COMMAND_TIMEOUT_MS });
    return stdout;
  }

  it('runs as processes: page and mails work, a killed application is told, and npm run down ends all', async () => {
    const printed = await npm('run', 'up', '--', '--local');
    expect(printed).toContain('Foghorn is up.');
    for (const url of ['http://localhost:8001', 'http://localhost:8000', 'http://localhost:8005']) {
      expect(printed).toContain(url);
    }
    await until('all three are seen', WAIT_MS, async () => {
      const { containers } = await api.state();
      return (containers.length === 3 && containers.every(({ state }) => state === 'running')) || undefined;
    });
    expect(await (await fetch(api.url)).text()).toContain('<title>Foghorn</title>');

    process.kill(Number(await readFile(join(copy ?? '', 'data/run/webapp.pid'), 'utf8')), 'SIGKILL');
    await until('a mail says DOWN', WAIT_MS, async () =>
      (await api.mails('CRITICAL', 'webapp: container is DOWN')).at(0),
    );

    expect(await npm('run', 'down')).toContain('Foghorn is stopped.');
    expect(await Promise.all([8000, 8001, 8005].map(isFree))).toEqual([true, true, true]);
  });
});

function isFree(port: number): Promise<boolean> {
  return new Promise((resolvePromise) => {
    const server = createServer();
    server.once('error', () => resolvePromise(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolvePromise(true)));
  });
}
