import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { createConnection } from './connection.ts';
import { recordedJson } from './recorded.ts';

/** Makes an authority, a certificate of the server and one of the client, as `docker` guides do. */
function makeCertificates(folder: string): void {
  mkdirSync(folder);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  for (const [name, file] of [
    ['server', 'server-cert'],
    ['key', 'cert'],
  ] as const) {
    openssl('req', ...key, '-keyout', `${name}.pem`, '-out', 'request.pem', '-subj', `/CN=${name}`);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', 'request.pem', ...signing, '-out', `${file}.pem`);
  }
}

describe('an engine behind mutual TLS', () => {
  const root = mkdtempSync(join(tmpdir(), 'foghorn-tls-'));
  const ours = join(root, 'ours');
  const others = join(root, 'others');
  let server: Server;
  let url = '';

  beforeAll(async () => {
    makeCertificates(ours);
    makeCertificates(others);
    const read = (name: string): Buffer => readFileSync(join(ours, name));
    const tls = { ca: read('ca.pem'), cert: read('server-cert.pem'), key: read('server.pem') };
    server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      const file = request.url === '/version' ? 'version.json' : 'info.json';
      response.end(JSON.stringify(recordedJson('28.5.2', file)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true });
  });

  async function open(certPath: string | undefined): Promise<unknown> {
    const connection = createConnection({ host: { name: 'far', url }, certPath, clock: systemClock });
    try {
      const { engineVersion, apiVersion } = await connection.open(new AbortController().signal);
      return { engineVersion, apiVersion };
    } catch (error) {
      return error;
    } finally {
      await connection.close();
    }
  }

  it('is reached with the certificates of DOCKER_CERT_PATH', async () => {
    expect(await open(ours)).toEqual({ engineVersion: '28.5.2+dfsg4', apiVersion: '1.44' });
  });

  it('is not trusted without its authority', async () => {
    expect(await open(undefined)).toMatchObject({ reason: 'BadAnswer', message: expect.stringMatching(/TLS/) });
  });

  it('is not trusted with the authority of another', async () => {
    expect(await open(others)).toMatchObject({ reason: 'BadAnswer', message: expect.stringMatching(/TLS/) });
  });

  it('says which file is missing', async () => {
    expect(await open(root)).toMatchObject({ reason: 'PermissionDenied', message: expect.stringMatching(/ca\.pem/) });
  });
});
