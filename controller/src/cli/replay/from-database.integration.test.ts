import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../log.ts';
import { openStore } from '../../record/history/postgres/store.ts';
import { startTestServer, type TestServer } from '../../record/history/postgres/test-server.ts';
import { defaultTiers } from '../../record/history/tiers.ts';
import { createTestContext } from '../test-context.ts';
import { replay } from './replay.ts';

const START_TIMEOUT_MS = 120_000;
const dir = mkdtempSync(join(tmpdir(), 'foghorn-replay-database-'));
const policyFile = join(dir, 'p.yaml');
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  writeFileSync(
    policyFile,
    'apiVersion: foghorn.dev/v1alpha1\nkind: MonitorPolicy\nmetadata: { name: web }\nspec:\n  selector: {}\n' +
      '  rules: [{ name: cpu, severity: critical, expr: cpu > 80 }]\n',
  );
}, START_TIMEOUT_MS);

afterAll(async () => {
  await server.end();
  rmSync(dir, { recursive: true });
}, START_TIMEOUT_MS);

async function run(env: Readonly<Record<string, string>>): Promise<string> {
  const context = createTestContext('', env);
  await replay(['--policy', policyFile, '--history', '1h'], context);
  return context.written();
}

describe('foghorn replay of a database', () => {
  it('reads what a controller writes there', async () => {
    const url = await server.createDatabase();
    const writer = await openStore({ url, readOnly: false, tiers: defaultTiers, log: createSilentLog() });
    const now = createTestContext().clock.now();
    await writer?.insert(
      Array.from({ length: 20 }, (_, index) => ({
        targetId: 'local/shop/web/1',
        at: now - 600_000 + index * 30_000,
        values: { up: 1, cpu: index === 10 ? 91.5 : 5 },
      })),
    );
    const out = await run({ DATABASE_URL: url });
    expect(out).toContain('1 targets, 20 looks');
    expect(out).toMatch(/cpu +critical +local\/shop\/web\/1 .* 30s +2 +cpu=91.5/);
    await writer?.close();
  });

  it('says why it cannot be read, without the password', async () => {
    const empty = await server.createDatabase();
    await expect(run({ DATABASE_URL: empty })).rejects.toThrow('no controller wrote there');
    const wrong = server.url('postgres', 'postgres', 'wrong-secret');
    await expect(run({ DATABASE_URL: wrong })).rejects.toThrow('refuses the user or the password');
    await expect(run({ DATABASE_URL: wrong })).rejects.not.toThrow('wrong-secret');
    await expect(run({ DATABASE_URL: 'wrong-secret' })).rejects.toThrow('DATABASE_URL is not postgres://');
  });
});
