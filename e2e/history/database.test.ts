import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../controller/src/free-port.ts';
import { startTestServer, type TestServer } from '../../controller/src/record/history/postgres/test-server.ts';
import { endProcess, hasEnded } from '../child-process.ts';
import { until } from '../until.ts';

const program = join(import.meta.dirname, '../../controller/src/main.ts');
const START_TIMEOUT_MS = 300_000;
const WAIT_MS = 90_000;

let database: TestServer;
let folder: string;
let controller: ChildProcess | undefined;
let log: string[] = [];

beforeAll(async () => {
  database = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'foghorn-history-database-'));
}, START_TIMEOUT_MS);

afterEach(stop);

afterAll(async () => {
  await database.end();
  rmSync(folder, { recursive: true });
}, START_TIMEOUT_MS);

/** A controller that watches this test's process; each has a folder of its own, as a pod has. */
async function start(databaseUrl: string, data: string): Promise<(path: string) => Promise<string>> {
  const pidFile = join(folder, 'watched.pid');
  writeFileSync(pidFile, `${process.pid}\n`);
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      RUNTIME: 'process',
      PROCESS_TARGETS: `watched=${pidFile}`,
      CHECK_INTERVAL: '1',
      DATABASE_URL: databaseUrl,
      DATA_DIR: join(folder, data),
      LOG_DIR: join(folder, data, 'logs'),
      POLICY_DIR: join(folder, 'policies'),
      PORT: String(port),
      API_PORT: 'off',
      LOG_LEVEL: 'debug',
    },
  });
  controller = child;
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line));
  const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await until('the controller is ready', WAIT_MS, async () => {
    if (hasEnded(child)) throw new Error('the controller has ended');
    return (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok === true ? true : undefined;
  });
  return get;
}

async function stop(): Promise<void> {
  const child = controller;
  controller = undefined;
  if (child !== undefined) await endProcess(child);
}

async function pointsOf(get: (path: string) => Promise<string>): Promise<number> {
  const target = encodeURIComponent('local/watched');
  const answer: unknown = JSON.parse(await get(`/api/history?target=${target}&metric=up&points=2000`));
  const points: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'points') : undefined;
  return Array.isArray(points) ? points.length : 0;
}

async function untilPoints(get: (path: string) => Promise<string>, least: number): Promise<number> {
  return until(`${least} points`, WAIT_MS, async () => {
    const count = await pointsOf(get);
    return count >= least ? count : undefined;
  });
}

describe('a controller with its history in Postgres', () => {
  it(
    'finds its charts again on another machine',
    async () => {
      const url = await database.createDatabase();
      const recorded = await untilPoints(await start(url, 'one'), 5);
      await stop();
      expect(await untilPoints(await start(url, 'two'), recorded)).toBeGreaterThanOrEqual(recorded);
    },
    START_TIMEOUT_MS,
  );

  it(
    'goes on when the database is killed, says so, and has the time in between when it is back',
    async () => {
      log = [];
      const url = await database.createDatabase();
      const get = await start(url, 'three');
      const before = await untilPoints(get, 3);
      await database.stop('immediate');
      await until('the problem is told', WAIT_MS, async () =>
        (await get('/api/state')).includes('alerts go on') ? true : undefined,
      );
      expect(await pointsOf(get)).toBe(0);
      expect(await get('/readyz')).toContain('ok');
      await database.start();
      await untilPoints(get, before + 5);
      await until('the problem is gone', WAIT_MS, async () =>
        (await get('/api/state')).includes('alerts go on') ? undefined : true,
      );
      await stop();
      expect(log.join('\n')).toContain('history in postgres 127.0.0.1');
      expect(log.join('\n')).not.toMatch(/p@ss|p%40ss/);
    },
    START_TIMEOUT_MS,
  );
});
