import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemClock, type Clock } from '../../clock.ts';
import { createFakeClock } from '../../fake-clock.ts';
import { silences } from '../../kube/client.ts';
import { createSilentLog } from '../../log.ts';
import { publish } from '../publish.ts';
import { openTestApi, silence } from '../test-api.ts';
import { createApiServer } from './server.ts';
import { loadCredentials } from './users.ts';

const SILENCES = '/apis/foghorn.dev/v1alpha1/namespaces/default/silences';
const DAY_MS = 86_400_000;
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(port = 0, clock: Clock = systemClock) {
  const opened = await openTestApi();
  publish({ ...opened, fieldManager: 'test' });
  const dataDir = mkdtempSync(join(tmpdir(), 'foghorn-face-'));
  const files = { pkiDir: join(dataDir, 'pki'), kubeconfigFile: join(dataDir, 'kubeconfig') };
  const server = await createApiServer(
    { host: '127.0.0.1', port, url: 'https://localhost:6444', version: 'test', ...files },
    { ...opened, clock, log: createSilentLog(), isReady: () => true },
  );
  stops.push(server.stop);
  const listening = await server.start();
  const [admin] = await loadCredentials(files.pkiDir);
  const ca = readFileSync(join(files.pkiDir, 'ca.crt'));
  const ask = async (path: string, options: RequestOptions & { readonly body?: string | Buffer } = {}) => {
    const sent = request({
      host: '127.0.0.1',
      port: listening.port,
      path,
      ca,
      agent: false,
      headers: { authorization: `Bearer ${admin?.token ?? ''}`, 'content-type': 'application/json' },
      ...options,
    });
    sent.end(options.body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { response, sent };
  };
  return { ...opened, ...files, ...listening, server, ask };
}

/** Of the certificate that a new client is shown. */
async function fingerprint(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

interface Line {
  readonly type: string;
  readonly object: unknown;
}

async function lines(response: IncomingMessage, count: number): Promise<readonly Line[]> {
  let text = '';
  for await (const chunk of response.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.split('\n').length > count) break;
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line));
}

describe('the server', () => {
  it('is trusted by the kubeconfig that it writes, which only its owner reads', async () => {
    const { kubeconfigFile, ask } = await start();
    const config = parse(readFileSync(kubeconfigFile, 'utf8'));
    expect(config).toMatchObject({
      'current-context': 'foghorn',
      clusters: [{ cluster: { server: 'https://localhost:6444' } }],
    });
    expect(statSync(kubeconfigFile).mode & 0o777).toBe(0o600);
    expect(await textOf((await ask('/healthz')).response)).toBe('ok');
  });

  it('shows a new certificate before the old one ends, without a restart', async () => {
    const clock = createFakeClock();
    const { port } = await start(0, clock);
    const before = await fingerprint(port);
    for (let day = 0; day < 334; day += 1) await clock.advance(DAY_MS);
    expect(await fingerprint(port)).toBe(before);
    await clock.advance(2 * DAY_MS);
    await expect.poll(() => fingerprint(port)).not.toBe(before);
  });

  it('says what to do when its port is taken', async () => {
    const { port } = await start();
    await expect(start(port)).rejects.toThrow(`port ${port} is taken: stop what listens there, or set API_PORT`);
  });

  it('answers a body that is too large, and goes on', async () => {
    const { ask } = await start();
    const { response } = await ask(SILENCES, { method: 'POST', body: Buffer.alloc(4 * 1024 * 1024, 'x') });
    expect(JSON.parse(await textOf(response))).toMatchObject({ kind: 'Status', code: 413 });
    expect((await ask('/livez')).response.statusCode).toBe(200);
  });

  it('answers HEAD without a body, and a method that no resource knows with 405', async () => {
    const { ask } = await start();
    const head = await ask(SILENCES, { method: 'HEAD' });
    expect([head.response.statusCode, await textOf(head.response)]).toEqual([200, '']);
    expect((await ask(SILENCES, { method: 'OPTIONS' })).response.statusCode).toBe(405);
  });

  it('streams a watch: what is there, its end, and what changes', async () => {
    const { ask, api } = await start();
    api.create(silences, 'default', silence('a'));
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const { response } = await ask(`${SILENCES}?${query}`);
    expect((await lines(response, 2)).map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
    api.delete(silences, { namespace: 'default', name: 'a' });
    expect(await lines(response, 1)).toMatchObject([{ type: 'DELETED', object: { metadata: { name: 'a' } } }]);
    response.destroy();
  });

  it('ends a watch after the time asked for, and all watches when it stops', async () => {
    const { ask, server } = await start();
    const short = await ask(`${SILENCES}?watch=1&timeoutSeconds=1`);
    expect(await textOf(short.response)).toBe('');
    const long = await ask(`${SILENCES}?watch=1`);
    const ended = textOf(long.response).then(
      () => 'ended',
      () => 'ended',
    );
    await server.stop();
    expect(await ended).toBe('ended');
  });

  it('gives a large object to many watchers while one of them reads nothing', async () => {
    const { ask, api } = await start();
    const stuck = await ask(`${SILENCES}?watch=1`);
    stuck.response.pause();
    const watchers = await Promise.all(Array.from({ length: 20 }, () => ask(`${SILENCES}?watch=1`)));
    const large = silence('large', { annotations: { note: 'x'.repeat(200_000) } });
    for (let index = 0; index < 5; index += 1) {
      api.create(silences, 'default', { ...large, metadata: { ...large.metadata, name: `large-${index}` } });
    }
    const seen = await Promise.all(watchers.map(({ response }) => lines(response, 5)));
    expect(seen.every((events) => events.length === 5)).toBe(true);
    for (const { response } of [stuck, ...watchers]) response.destroy();
  });
});
