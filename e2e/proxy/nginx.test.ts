import { spawn } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import type { SessionAnswer } from '../../controller/src/dashboard/answers/session.ts';
import { createFakeReader } from '../../controller/src/dashboard/fake-reader.ts';
import { createDashboard } from '../../controller/src/dashboard/server.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { parsePassword, type Access } from '../../controller/src/model/access.ts';
import { requireNginx, skipUnless } from '../requirements.ts';
import { freePort } from '../../controller/src/free-port.ts';

const START_TIMEOUT_MS = 5000;
const EVENT_TIMEOUT_MS = 5000;
const salt = Buffer.alloc(16);
const hash = scryptSync('operator pass', salt, 32, { cost: 16, blockSize: 1, parallelization: 1 });
const password = `operate=scrypt:16:1:1:${salt.toString('base64url')}:${hash.toString('base64url')}`;
const access: Access = {
  passwords: [parsePassword(password) ?? []].flat(),
  tokens: [],
  trustedProxies: ['127.0.0.1'],
  operators: [],
};

/** The blocks of the handbook, as people copy them. */
const [location = '', signsIn = ''] = [
  ...readFileSync(join(import.meta.dirname, '../../docs/dashboard.md'), 'utf8').matchAll(/```nginx\n([\s\S]*?)```/g),
].map(([, block]) => block ?? '');

async function startDashboard(url: string, who: Access): Promise<number> {
  const clock = systemClock;
  const dashboard = await createDashboard(
    { host: '127.0.0.1', port: 0, url, webDir: '/nowhere', access: who, statusPage: { names: [], title: '' } },
    { reader: createFakeReader({ clock, containers: 50 }), clock, log: createSilentLog() },
  );
  const { port } = await dashboard.start();
  onTestFinished(() => dashboard.stop());
  return port;
}

/** nginx with one location, in a folder of its own. */
async function startNginx(port: number, block: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'foghorn-nginx-'));
  // Its workers run as another user.
  chmodSync(dir, 0o755);
  writeFileSync(join(dir, 'htpasswd'), 'alice:{PLAIN}wonderland\n');
  const served = block.replace('/etc/nginx/foghorn.htpasswd', join(dir, 'htpasswd'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  );
  writeFileSync(
    join(dir, 'nginx.conf'),
    `pid ${dir}/pid; error_log stderr; daemon off; events {}
     http { access_log off; ${temporary.join(' ')} server { listen 127.0.0.1:${port}; ${served} } }`,
  );
  const nginx = spawn('nginx', ['-e', 'stderr', '-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: 'ignore' });
  onTestFinished(async () => {
    const ended = once(nginx, 'exit');
    nginx.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true });
  });
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  while (!(await answers(port))) deadline.throwIfAborted();
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    return false;
  }
}

/** nginx in front of a dashboard; gives the address of the dashboard as a browser sees it. */
async function serveThrough(who: Access, more: string = ''): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/foghorn/`;
  const upstream = await startDashboard(url, who);
  const block = location.replace('127.0.0.1:8001', `127.0.0.1:${upstream}`).replace(/\}\s*$/, `${more}\n}`);
  await startNginx(port, block);
  return url;
}

beforeEach((context) => skipUnless(context, requireNginx()));

describe('behind nginx as the handbook has it', () => {
  it('people sign in at a sub-path and see changes as they come', async () => {
    const url = await serveThrough(access);
    const { origin } = new URL(url);
    const headers = { 'content-type': 'application/json', origin };
    expect((await fetch(`${url}api/state`)).status).toBe(401);
    const entered = await fetch(`${url}api/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ password: 'operator pass' }),
    });
    expect(entered.status).toBe(200);
    expect(entered.headers.get('set-cookie')).toContain('Path=/foghorn/');
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const { csrfToken } = (await entered.json()) as SessionAnswer;

    const live = await fetch(`${url}api/live`, { headers: { cookie }, signal: AbortSignal.timeout(EVENT_TIMEOUT_MS) });
    const events = live.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await events?.read();
    expect(first?.value).toMatch(/event: hello\ndata: \{"stream":"/);
    await events?.cancel();

    const own = { ...headers, cookie, 'x-csrf-token': csrfToken ?? '' };
    expect((await fetch(`${url}api/session`, { method: 'DELETE', headers: { cookie } })).status).toBe(403);
    const elsewhere = { ...own, origin: 'https://evil.example' };
    expect((await fetch(`${url}api/session`, { method: 'DELETE', headers: elsewhere })).status).toBe(403);
    const { 'content-type': _type, ...bare } = own;
    expect((await fetch(`${url}api/session`, { method: 'DELETE', headers: bare })).status).toBe(204);
    expect((await fetch(`${url}api/state`, { headers: { cookie } })).status).toBe(401);
  });

  it('nginx says who it is, whatever the client says', async () => {
    const trusting = { ...access, passwords: [], userHeader: 'remote-user', operators: ['alice'] };
    const url = await serveThrough(trusting, signsIn);
    expect((await fetch(`${url}api/session`, { headers: { 'remote-user': 'alice' } })).status).toBe(401);
    const authorization = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;
    const answer = await fetch(`${url}api/session`, { headers: { authorization, 'remote-user': 'mallory' } });
    expect(await answer.json()).toMatchObject({ user: 'alice', role: 'operate', signIn: 'proxy' });
  });
});
