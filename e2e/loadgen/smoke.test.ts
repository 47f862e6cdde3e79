/** The sample `smoke` against the real web application, with a real database. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createEmbeddedClient } from '../../controller/src/apiserver/embedded-client.ts';
import { openTestApi } from '../../controller/src/apiserver/test-api.ts';
import { compileThresholds } from '../../controller/src/evaluate/threshold.ts';
import { loadTests, type KubeObject } from '../../controller/src/kube/client.ts';
import { commandLine } from '../../controller/src/loadtest/command-line.ts';
import { mergeReports } from '../../controller/src/loadtest/merge.ts';
import { decodeLine } from '../../controller/src/loadtest/protocol.ts';
import { loadTestFromObject } from '../../controller/src/reconcile/load-test-from-object.ts';
import { startTestServer, type TestServer } from '../../controller/src/record/history/postgres/test-server.ts';
import { freePort } from '../../controller/src/free-port.ts';
import { endProcess } from '../child-process.ts';
import { until } from '../until.ts';

const root = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 180_000;
const execute = promisify(execFile);

let postgres: TestServer | undefined;
let webapp: ChildProcess | undefined;
let url = '';

beforeAll(async () => {
  postgres = await startTestServer();
  const database = new URL(await postgres.createDatabase());
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}`;
  webapp = spawn(process.execPath, ['webapp/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      PORT: port,
      DB_HOST: database.hostname,
      DB_PORT: database.port,
      DB_NAME: database.pathname.slice(1),
      DB_USER: database.username,
      DB_PASSWORD: decodeURIComponent(database.password),
    },
    stdio: 'ignore',
  });
  const answer = await until('the web application', START_TIMEOUT_MS, () => fetch(`${url}/health`));
  if (!answer.ok) throw new Error(`the web application answers ${answer.status}`);
}, START_TIMEOUT_MS);

afterAll(async () => {
  if (webapp !== undefined) await endProcess(webapp, 'SIGKILL');
  await postgres?.end();
}, START_TIMEOUT_MS);

it('passes its thresholds', { timeout: 180_000 }, async () => {
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
    // As fast as the machine is.
    ['p95', (summary.latency?.p95 ?? Infinity) < 1],
  ]);
});
