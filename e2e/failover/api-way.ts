import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type RequestOptions } from 'node:https';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadIdentity } from '../../controller/src/apiserver/http/tls.ts';
import { portOf } from '../email/fake-ses.ts';

/** One replica's way to the API server: all of its requests are seen, and it can be cut. */
export interface ApiWay {
  readonly kubeconfig: string;
  /** `PUT /apis/...`, in their order. */
  readonly requests: readonly string[];
  /** Nothing gets through any more, and nobody is told. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy with a certificate of its own, between TLS and TLS. */
export async function openApiWay(kubeconfig: string): Promise<ApiWay> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-api-way-'));
  const config = parse(readFileSync(kubeconfig, 'utf8'));
  const [{ cluster }] = config.clusters;
  const { hostname, port } = new URL(cluster.server);
  const upstream: RequestOptions = {
    hostname,
    port,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    agent: new Agent({ keepAlive: true }),
  };
  const requests: string[] = [];
  let isCut = false;

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    requests.push(`${incoming.method} ${incoming.url}`);
    if (isCut) return;
    const { method = 'GET', url: path, headers } = incoming;
    const onward = request({ ...upstream, method, path, headers }, (answer) => {
      if (isCut) return;
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk) => isCut || outgoing.write(chunk));
      answer.on('end', () => isCut || outgoing.end());
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  const identity = await loadIdentity(join(folder, 'pki'), ['127.0.0.1'], Date.now());
  const server = createServer({ key: identity.keyPem, cert: identity.certificatePem }, pass).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cluster.server = `https://127.0.0.1:${portOf(server.address())}`;
  cluster['certificate-authority-data'] = Buffer.from(identity.authorityPem).toString('base64');
  const own = join(folder, 'kubeconfig');
  writeFileSync(own, stringify(config));
  return {
    kubeconfig: own,
    requests,
    cut() {
      isCut = true;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
