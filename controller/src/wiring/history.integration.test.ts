import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { loadConfig } from '../config.ts';
import { createSilentLog } from '../log.ts';
import { createProblems } from '../problems.ts';
import { startTestServer, type TestServer } from '../record/history/postgres/test-server.ts';
import { followPast, openHistory } from './history.ts';

const START_TIMEOUT_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'foghorn-wired-history-'));
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await server.end();
  rmSync(folder, { recursive: true });
}, START_TIMEOUT_MS);

const clock = createFakeClock();
const log = createSilentLog();
const parts = { clock, log, problems: createProblems({ clock, log }) };
const request = { targetId: 'web', metric: 'cpu', fromMs: 0, toMs: clock.now(), maxPoints: 10 } as const;
const sample = { targetId: 'web', at: clock.now(), values: { cpu: 1 } };

describe('where the history is', () => {
  it('is a file of its own by default, which no other replica reads', async () => {
    const config = loadConfig({ DATA_DIR: folder });
    const history = await openHistory(config, parts);
    history.append([sample]);
    expect((await history.query(request)).points).toHaveLength(1);
    await history.close();
    expect(existsSync(join(folder, 'history.db'))).toBe(true);
    expect(await followPast(config, parts)).toBeUndefined();
  });

  it('is the database that is named, which followers read', async () => {
    const dataDir = join(folder, 'none');
    const config = loadConfig({ DATA_DIR: dataDir, DATABASE_URL: await server.createDatabase() });
    const history = await openHistory(config, parts);
    history.append([sample]);
    expect((await history.query(request)).points).toHaveLength(1);
    const past = await followPast(config, parts);
    expect((await past?.history(request))?.points).toHaveLength(1);
    expect(await past?.episodes({ fromMs: 0, toMs: clock.now(), limit: 10 })).toEqual([]);
    await past?.close();
    await history.close();
    expect(existsSync(dataDir)).toBe(false);
  });
});
