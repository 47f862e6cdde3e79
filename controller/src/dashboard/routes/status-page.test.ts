import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import { parseToken } from '../../model/access.ts';
import { createFakeReader } from '../fake-reader.ts';
import { createLive } from '../live/live.ts';
import { buildDashboard } from '../server.ts';

/** A dashboard that wants a sign-in. */
async function serve(names: readonly string[]) {
  const clock = createFakeClock();
  const reader = createFakeReader({ clock, containers: 20 });
  const log = createSilentLog();
  const webDir = mkdtempSync(join(tmpdir(), 'foghorn-page-'));
  onTestFinished(() => rmSync(webDir, { recursive: true }));
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>page</title>');
  const tokens = [parseToken('view=a-token-of-many-characters') ?? []].flat();
  const access = { passwords: [], tokens, trustedProxies: [], operators: [] };
  const options = { host: '0.0.0.0', port: 8001, url: 'http://localhost:8001', webDir, access };
  const live = createLive({ reader, clock, log });
  const app = await buildDashboard({ ...options, statusPage: { names, title: 'Ours' } }, { reader, clock, log }, live);
  onTestFinished(() => app.close());
  return (url: string) => app.inject({ url, headers: { host: 'localhost:8001' } });
}

it('is open to all when it is turned on, and the rest stays closed', async () => {
  const get = await serve(['service-000*']);
  const answer = await get('/api/status-page');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ title: 'Ours', state: 'up' });
  expect(answer.json().services).toHaveLength(10);
  for (const secret of ['registry.example.org', 'project-0', 'local', 'tier'])
    expect(answer.body).not.toContain(secret);
  expect((await get('/status')).body).toContain('<title>page</title>');
  expect((await get('/api/session')).json()).toMatchObject({ signedIn: false, statusPage: true });
  expect((await get('/api/state')).statusCode).toBe(401);
});

it('is not there otherwise', async () => {
  const get = await serve([]);
  expect((await get('/api/status-page')).statusCode).toBe(404);
  expect((await get('/status')).statusCode).toBe(404);
  expect((await get('/api/session')).json()).toMatchObject({ statusPage: false });
});
