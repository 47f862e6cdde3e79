import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadIdentity } from '../../controller/src/apiserver/http/tls.ts';
import { createFakeClock } from '../../controller/src/fake-clock.ts';
import { silences } from '../../controller/src/kube/client.ts';
import { createClusterClient } from '../../controller/src/kube/cluster.ts';
import { createSilentLog } from '../../controller/src/log.ts';

const log = createSilentLog();
const empty = { kind: 'SilenceList', metadata: { resourceVersion: '7' }, items: [] };

type Play = (response: ServerResponse) => void;

function answer(code: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Play {
  return (response) => {
    response.writeHead(code, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** An API server that plays one answer after the other, and a kubeconfig of it. */
async function playServer(plays: readonly Play[]) {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-transport-'));
  const identity = await loadIdentity(join(folder, 'pki'), ['127.0.0.1'], Date.now());
  const urls: string[] = [];
  const methods: string[] = [];
  const heard: (() => void)[] = [];
  const server = createServer({ key: identity.keyPem, cert: identity.certificatePem }, (request, response) => {
    urls.push(request.url ?? '');
    methods.push(`${request.method} ${request.headers['content-type'] ?? ''}`.trim());
    plays[Math.min(urls.length, plays.length) - 1]?.(response);
    for (const wake of heard.splice(0)) wake();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ca = join(folder, 'ca.crt');
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(ca, identity.authorityPem);
  writeFileSync(kubeconfig, kubeconfigOf({ server: `https://127.0.0.1:${port}/prefix/`, 'certificate-authority': ca }));
  const clock = createFakeClock(Date.now());
  const client = createClusterClient({ kubeconfig, clock, log });
  return {
    ca,
    identity,
    urls,
    methods,
    clock,
    client,
    heard: () => new Promise<void>((resolve) => heard.push(resolve)),
    async [Symbol.asyncDispose](): Promise<void> {
      await client.close();
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function kubeconfigOf(cluster: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}

describe('calls of a cluster', () => {
  it('come again when the server asks for it, under the path of the server', async () => {
    const busy = answer(429, { kind: 'Status', message: 'busy' }, { 'retry-after': '2' });
    await using server = await playServer([busy, answer(200, empty)]);
    const first = server.heard();
    const list = server.client.list(silences);
    await first;
    await until(server, 2);
    expect(await list).toMatchObject({ resourceVersion: '7' });
    expect(server.urls).toEqual(Array(2).fill('/prefix/apis/foghorn.dev/v1alpha1/silences?limit=500'));
  });

  it('give up when the server stays busy, with what it said', async () => {
    const busy = answer(503, { kind: 'Status', message: 'starting', details: { retryAfterSeconds: 60 } });
    await using server = await playServer([busy]);
    await expect(server.client.list(silences)).rejects.toMatchObject({
      code: 'Unavailable',
      status: { message: 'starting', details: { retryAfterSeconds: 60 } },
    });
    expect(server.urls).toHaveLength(1);
  });

  it.each([
    ['a server that never answers', () => undefined],
    ['an answer that does not end', (response: ServerResponse) => void response.writeHead(200).write('{')],
  ] satisfies [string, Play][])('end after 30 s with %s', async (_name, play) => {
    await using server = await playServer([play]);
    const heard = server.heard();
    const over = server.client.list(silences).catch((thrown: unknown) => thrown);
    await heard;
    await server.clock.advance(30_000);
    expect(await over).toMatchObject({ code: 'Unavailable' });
  });

  it.each([
    ['no JSON', answer(200, 'hello'), 'Unavailable'],
    ['no list', answer(200, { items: 5 }), 'Unavailable'],
    ['an expired page again and again', answer(410, { kind: 'Status', reason: 'Expired' }), 'Gone'],
    ['a redirect', answer(302, '', { location: 'https://example.invalid/' }), 'BadRequest'],
    ['a broken connection', (response: ServerResponse) => void response.destroy(), 'Unavailable'],
  ] satisfies [string, Play, string][])('fail with %s', async (_name, play, code) => {
    await using server = await playServer([play]);
    await expect(server.client.list(silences)).rejects.toMatchObject({ code });
  });

  it('begin a list anew when a page has expired', async () => {
    const page = answer(200, {
      metadata: { resourceVersion: '5', continue: 'c' },
      items: [{ metadata: { name: 'old' } }],
    });
    const gone = answer(410, { kind: 'Status', reason: 'Expired' });
    const whole = answer(200, { metadata: { resourceVersion: '6' }, items: [{ metadata: { name: 'new' } }] });
    await using server = await playServer([page, gone, whole]);
    const list = await server.client.list(silences);
    expect(list).toMatchObject({ resourceVersion: '6', items: [{ kind: 'Silence', metadata: { name: 'new' } }] });
    expect(list.items).toHaveLength(1);
    expect(server.urls[1]).toContain('limit=500&continue=c');
  });

  it('read the end of a log as text, within the bound', async () => {
    const written = answer(200, '{"type":"progress"}\noops\n', { 'content-type': 'text/plain' });
    await using server = await playServer([written, answer(404, { kind: 'Status', message: 'gone' }), written]);
    const pod = { namespace: 'shop', name: 'web-1' };
    const range = { tailLines: 20, limitBytes: 1000 };
    expect(await server.client.podLog(pod, range)).toBe('{"type":"progress"}\noops\n');
    expect(server.urls[0]).toBe('/prefix/api/v1/namespaces/shop/pods/web-1/log?tailLines=20&limitBytes=1000');
    expect(await server.client.podLog(pod, range)).toBeUndefined();
    await expect(server.client.podLog(pod, { ...range, limitBytes: 5 })).rejects.toMatchObject({ code: 'TooLarge' });
  });

  it('say a log that a node does not give', async () => {
    const message = 'error trying to reach service: dial tcp 192.0.2.10:10250: connect: connection refused';
    const refused = answer(503, { kind: 'Status', message, reason: 'ServiceUnavailable', code: 503 });
    await using server = await playServer([refused]);
    const read = server.client.podLog({ namespace: 'shop', name: 'web-1' }, { tailLines: 1, limitBytes: 10 });
    await expect(read).rejects.toMatchObject({ code: 'Unavailable', message });
  });

  it('patch by merging, and delete together with what is owned', async () => {
    const gone = answer(404, { kind: 'Status', message: 'gone' });
    await using server = await playServer([answer(200, { metadata: { name: 'a' } }), gone]);
    const change = { spec: { duration: '1h' } };
    expect(await server.client.patch(silences, 'default', 'a', change)).toMatchObject({ metadata: { name: 'a' } });
    expect(await server.client.patch(silences, 'default', 'b', change)).toBeUndefined();
    await server.client.deleteInBackground(silences, 'default', 'a');
    expect(server.methods).toEqual([...Array(2).fill('PATCH application/merge-patch+json'), 'DELETE']);
    expect(server.urls[2]).toContain('/silences/a?propagationPolicy=Background');
  });

  it('trust another authority as soon as its file has changed', async () => {
    await using server = await playServer([answer(200, empty)]);
    await using other = await playServer([]);
    writeFileSync(server.ca, other.identity.authorityPem);
    await expect(server.client.list(silences)).rejects.toMatchObject({ code: 'Unavailable' });
    writeFileSync(server.ca, server.identity.authorityPem);
    expect(await server.client.list(silences)).toMatchObject({ items: [] });
  });
});

describe('kubeconfig', () => {
  it.each([
    ['no YAML of one', 'hello'],
    ['a context of no cluster', JSON.stringify({ 'current-context': 'x' })],
    ['a server without TLS', kubeconfigOf({ server: 'http://127.0.0.1:8001', 'insecure-skip-tls-verify': true })],
    ['a proxy', kubeconfigOf({ server: 'https://127.0.0.1:1', 'proxy-url': 'http://127.0.0.1:2' })],
  ])('is refused with %s', (_name, text) => {
    const folder = mkdtempSync(join(tmpdir(), 'foghorn-kubeconfig-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, text);
    const create = () => createClusterClient({ kubeconfig, clock: createFakeClock(), log });
    expect(create).toThrow(expect.objectContaining({ code: 'InvalidConfig' }));
    rmSync(folder, { recursive: true });
  });

  it.each(['in-cluster', '/nowhere/kubeconfig'])('is refused when there is none: %s', (kubeconfig) => {
    const create = () => createClusterClient({ kubeconfig, clock: createFakeClock(), log });
    expect(create).toThrow(expect.objectContaining({ code: 'InvalidConfig' }));
  });
});

/** Moves time on until so many calls have come. */
async function until(server: Awaited<ReturnType<typeof playServer>>, calls: number): Promise<void> {
  for (let tries = 0; server.urls.length < calls && tries < 1000; tries += 1) await server.clock.advance(20);
}
