import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../log.ts';
import { buildTarget } from '../../model/builders.ts';
import type { LogChunk } from '../../model/container.ts';
import { buildContainer } from '../docker-view/builders.ts';
import { createDockerView } from '../docker-view/docker-view.ts';
import { serveView } from '../docker-view/serve-view.ts';
import { openTestApi } from '../test-api.ts';
import { createDispatch } from './dispatch.ts';
import { buildApiServer } from './server.ts';
import { loadIdentity } from './tls.ts';
import { ADMIN_GROUP } from './users.ts';

const pods = '/api/v1/namespaces/default/pods';
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const stopped = new AbortController();

let app: ReturnType<typeof buildApiServer>;

async function* written(): AsyncGenerator<LogChunk, void> {
  yield { stream: 'stdout', bytes: Buffer.from('one\n') };
  yield { stream: 'stderr', bytes: Buffer.from('two\n') };
}

beforeAll(async () => {
  const served = await openTestApi();
  const { clock } = served;
  const log = createSilentLog();
  const view = createDockerView({
    clock,
    reader: {
      containers: () => [buildContainer({ target: buildTarget() })],
      hosts: () => [],
      readings: () => [],
      logs: async () => written(),
    },
  });
  const user = { name: 'admin', groups: [ADMIN_GROUP] };
  const dispatch = createDispatch({
    ...serveView(served, view.kinds),
    podLogs: view.podLogs,
    clock,
    log,
    authenticate: () => user,
    isReady: () => true,
    version: 'test',
  });
  const identity = await loadIdentity(await mkdtemp(join(tmpdir(), 'foghorn-pki-')), ['localhost'], clock.now());
  app = buildApiServer(dispatch, { identity, stopped: stopped.signal, log });
});

afterAll(async () => {
  stopped.abort();
  await app.close();
});

describe('the Docker view over HTTPS', () => {
  it('is printed as a table', async () => {
    const { body, statusCode } = await app.inject({ url: pods, headers: table });
    expect(statusCode).toBe(200);
    const cells = ['web', '1/1', 'Running', '0', '60m', '<none>', 'local', '<none>', '<none>'];
    expect(JSON.parse(body)).toMatchObject({ kind: 'Table', rows: [{ cells }] });
  });

  it('is named in discovery with what can be done, and its log', async () => {
    const { resources } = JSON.parse((await app.inject({ url: '/api/v1' })).body);
    const shown = ['pods', 'pods/log', 'nodes'].map((name) =>
      resources.find((resource: { name: string }) => resource.name === name),
    );
    expect(shown.map(({ verbs }) => verbs)).toEqual([['get', 'list', 'watch'], ['get'], ['get', 'list', 'watch']]);
  });

  it('keeps the kinds that are stored', async () => {
    const { body } = await app.inject({ url: '/apis/foghorn.dev/v1alpha1/namespaces/default/silences' });
    expect(JSON.parse(body)).toMatchObject({ kind: 'SilenceList', items: [] });
    expect((await app.inject({ url: `${pods}/web?resourceVersion=1` })).statusCode).toBe(200);
  });

  it.each([
    ['POST', pods, 'create'],
    ['DELETE', `${pods}/web`, 'delete'],
    ['PATCH', `${pods}/web`, 'patch'],
    ['POST', `${pods}/web/exec`, 'create'],
    ['POST', `${pods}/web/portforward`, 'create'],
  ] as const)('answers %s %s as a server does for what it does not support', async (method, url, verb) => {
    const { statusCode, body } = await app.inject({ method, url });
    expect(statusCode).toBe(405);
    const part = url.replace(`${pods}/web`, 'pods').replace(pods, 'pods');
    const message = `${verb} is not supported on resources of kind "${part}": they are what the engine has, to be read only`;
    expect(JSON.parse(body)).toMatchObject({ reason: 'MethodNotAllowed', message });
  });

  it('cannot be watched where there is nothing to watch', async () => {
    const { statusCode } = await app.inject({ url: '/apis/metrics.k8s.io/v1beta1/pods?watch=true' });
    expect(statusCode).toBe(405);
  });

  it('gives the log of a pod as text', async () => {
    const { statusCode, headers, body } = await app.inject({ url: `${pods}/web/log` });
    expect([statusCode, headers['content-type'], body]).toEqual([200, 'text/plain', 'one\ntwo\n']);
  });

  it.each([
    ['web/log?tailLines=-1', 422, 'Invalid'],
    ['web/log?container=other', 400, 'BadRequest'],
    ['nobody/log', 404, 'NotFound'],
    ['web/exec', 404, 'NotFound'],
  ])('answers %s with %i and a Status', async (path, code, reason) => {
    const { statusCode, body } = await app.inject({ url: `${pods}/${path}` });
    expect(statusCode).toBe(code);
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', reason, code });
  });
});
